import { parseInstant } from './format-time.ts';
import { sortNatural } from './natural-order.ts';

export type DateOrder = {
  readonly tags: readonly string[];
  /** How many of `tags` stand at the front because their date is known. */
  readonly knownCount: number;
};

/** Tags with a known date, newest first, then the rest in natural order: never a guess about a date not loaded. */
export function sortByDate(tags: readonly string[], createdOf: (tag: string) => string | undefined): DateOrder {
  const instants = new Map<string, number>();
  for (const tag of tags) {
    const instant = parseInstant(createdOf(tag));
    if (instant !== undefined) instants.set(tag, instant);
  }
  const natural = sortNatural(tags);
  const known = natural.filter((tag) => instants.has(tag));
  known.sort((a, b) => (instants.get(b) ?? 0) - (instants.get(a) ?? 0));
  return { tags: [...known, ...natural.filter((tag) => !instants.has(tag))], knownCount: known.length };
}
