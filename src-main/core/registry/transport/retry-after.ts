const MIN_SECONDS = 1;
const MAX_SECONDS = 60;

/**
 * `Retry-After` in seconds, from a number or an HTTP date, clamped to 1..60 so that a hostile value neither spins
 * nor sleeps for ever (SECURITY-CASES L04). Undefined when absent or unreadable.
 * Spec: RFC 9110, 10.2.3.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^-?\d{1,20}$/.test(text)) return clamp(Number(text));
  // `Date.parse` reads nearly anything; an HTTP date always names the day and the zone.
  if (!/^[A-Za-z]{3,9}, .* GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : clamp(Math.ceil((at - nowMs) / 1000));
}

function clamp(seconds: number): number {
  return Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, seconds));
}
