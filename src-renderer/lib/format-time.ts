const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Reproducible builders write 0001-01-01, 1970-01-01 or 1980-01-01 for "no date": those are placeholders, not dates. */
const FIRST_REAL_INSTANT = Date.UTC(1981, 0, 1);
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds since 1970, or undefined for a text that is no date or only a placeholder for one. */
export function parseInstant(text: string | undefined): number | undefined {
  if (text === undefined || !INSTANT.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) || instant < FIRST_REAL_INSTANT ? undefined : instant;
}

const STEPS = [
  { below: HOUR, per: MINUTE, unit: 'min' },
  { below: DAY, per: HOUR, unit: 'h' },
  { below: 60 * DAY, per: DAY, unit: 'd' },
  { below: 730 * DAY, per: 30.44 * DAY, unit: 'mo' },
  { below: Number.POSITIVE_INFINITY, per: 365.25 * DAY, unit: 'y' },
] as const;

/** `just now`, `5 min ago`, `3 d ago`, `in 2 h`. */
export function formatRelative(instant: number, now: number): string {
  const distance = Math.abs(now - instant);
  if (distance < MINUTE) return 'just now';
  const step = STEPS.find(({ below }) => distance < below) ?? STEPS[4];
  const amount = `${Math.floor(distance / step.per)} ${step.unit}`;
  return instant > now ? `in ${amount}` : `${amount} ago`;
}

/** `2026-11-18 09:41:07 UTC`: one instant for everyone who reads it. */
export function formatExact(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const NANOSECONDS = [
  { per: 3_600_000_000_000, unit: 'h' },
  { per: 60_000_000_000, unit: 'min' },
  { per: 1_000_000_000, unit: 's' },
  { per: 1_000_000, unit: 'ms' },
] as const;

/** A config's interval: `30 s`, `1.5 min`, `250 ns`. */
export function formatNanoseconds(nanoseconds: number): string {
  const step = NANOSECONDS.find(({ per }) => nanoseconds >= per);
  return step === undefined ? `${nanoseconds} ns` : `${Number((nanoseconds / step.per).toFixed(2))} ${step.unit}`;
}
