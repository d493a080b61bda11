/** The key of the annotation that says when an image was built. Spec: OCI image 1.1, annotations.md. */
export const CREATED_ANNOTATION = 'org.opencontainers.image.created';

const DATE_TIME =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,12})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$/;
const END_OF_FIRST_DAY_MS = 86_400_000;

/** Fixed dates of builders that want equal bytes each time: Cloud Native Buildpacks writes 1980-01-01T00:00:01Z. */
const FIXED_DATES_MS: ReadonlySet<number> = new Set([
  Date.parse('1980-01-01T00:00:00Z'),
  Date.parse('1980-01-01T00:00:01Z'),
]);

/**
 * The first of the candidates that is a real instant, in UTC (ISO 8601). Go's zero time, the epoch and the other dates
 * that reproducible builders write in place of one are unknown, not old: an image of "56 years ago" helps nobody.
 */
export function firstCreated(...candidates: ReadonlyArray<string | undefined>): string | undefined {
  for (const candidate of candidates) {
    const instant = candidate !== undefined && DATE_TIME.test(candidate) ? Date.parse(candidate) : Number.NaN;
    if (instant >= END_OF_FIRST_DAY_MS && !FIXED_DATES_MS.has(instant)) return new Date(instant).toISOString();
  }
  return undefined;
}
