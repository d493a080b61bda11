import { compareNatural, mergeNatural, toNaturalNames } from './natural-order.ts';

type Pages = readonly (readonly string[])[];
type Grown = { readonly pages: Pages; readonly sorted: readonly string[] };

/** By their first page: what was made of the pages there were. */
const grownLists = new WeakMap<readonly string[], Grown>();

function isContinued(before: Pages, pages: Pages): boolean {
  return before.length <= pages.length && before.every((page, index) => page === pages[index]);
}

const NONE: readonly string[] = [];

/** By a page: its names in order, made when there was time for it. */
const sortedPages = new WeakMap<readonly string[], readonly string[]>();

function sortedPage(page: readonly string[]): readonly string[] {
  const sorted = sortedPages.get(page) ?? toNaturalNames(page);
  sortedPages.set(page, sorted);
  return sorted;
}

/**
 * Two pages as one, in their order. Its names are put in natural order now, while nobody waits for them, and not when
 * they are drawn.
 */
export function joinNames(page: readonly string[], next: readonly string[]): string[] {
  const joined = [...page, ...next];
  sortedPages.set(joined, mergeNatural(sortedPage(page), sortedPage(next)));
  return joined;
}

/**
 * The names of all pages in natural order, each once though pages overlap. The same pages give the same array, whoever
 * asks; with pages added only those are sorted, and merged into what there is.
 */
export function namesOfPages(pages: Pages): readonly string[] {
  const [first] = pages;
  if (first === undefined) return NONE;
  const known = grownLists.get(first);
  const before = known !== undefined && isContinued(known.pages, pages) ? known : undefined;
  if (before?.pages.length === pages.length) return before.sorted;
  const [one = NONE, ...others] = pages.slice(before?.pages.length ?? 0);
  const added = others.length === 0 ? sortedPage(one) : toNaturalNames([one, ...others].flat());
  const sorted = before === undefined ? added : mergeNatural(before.sorted, added);
  grownLists.set(first, { pages, sorted });
  return sorted;
}

/** Where a name stands, or would stand, in a list in natural order. */
function placeOf(name: string, names: readonly string[]): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNatural(names[middle] ?? '', name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A list in natural order with a few names that may be missing from it; the same list when none is. */
export function withNames(names: readonly string[], few: readonly string[]): readonly string[] {
  return few.reduce((all, name) => {
    const at = placeOf(name, all);
    return all[at] === name ? all : all.toSpliced(at, 0, name);
  }, names);
}
