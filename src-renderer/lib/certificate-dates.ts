const DAY = 86_400_000;
const SOON_DAYS = 30;

export type Validity = {
  readonly tone: 'ok' | 'soon' | 'over';
  /** `expires in 12 days`, `expired 3 days ago`. */
  readonly text: string;
};

function days(count: number): string {
  if (count < 90) return `${count} ${count === 1 ? 'day' : 'days'}`;
  if (count < 730) return `${Math.round(count / 30.44)} months`;
  return `${Math.round(count / 365.25)} years`;
}

/** How long a certificate is good for, in words. `validFrom` may be unknown. Milliseconds since 1970. */
export function validityText(validTo: number, now: number, validFrom?: number): Validity {
  if (validFrom !== undefined && validFrom > now) {
    return { tone: 'over', text: `not valid before ${days(Math.ceil((validFrom - now) / DAY))} from now` };
  }
  const left = Math.floor((validTo - now) / DAY);
  if (validTo <= now) {
    const ago = Math.floor((now - validTo) / DAY);
    return { tone: 'over', text: ago === 0 ? 'expired today' : `expired ${days(ago)} ago` };
  }
  const text = left === 0 ? 'expires today' : `expires in ${days(left)}`;
  return { tone: left < SOON_DAYS ? 'soon' : 'ok', text };
}
