const ZERO = 48;
const NINE = 57;
const CAPITAL_A = 65;
const CAPITAL_Z = 90;
const SMALL_V = 118;
const TO_SMALL = 32;

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function small(code: number): number {
  return code >= CAPITAL_A && code <= CAPITAL_Z ? code + TO_SMALL : code;
}

/** A leading `v1` is read as `1`. */
function startOf(text: string): number {
  return small(text.charCodeAt(0)) === SMALL_V && isDigit(text.charCodeAt(1)) ? 1 : 0;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** Leading zeros do not count, but for the last digit. */
function firstCounting(text: string, start: number, end: number): number {
  let first = start;
  while (first < end - 1 && text.charCodeAt(first) === ZERO) first += 1;
  return first;
}

/** Two numbers as they are written, of any length: the one of fewer digits first. */
function compareDigits(a: string, startA: number, endA: number, b: string, startB: number, endB: number): number {
  const fromA = firstCounting(a, startA, endA);
  const fromB = firstCounting(b, startB, endB);
  let order = endA - fromA - (endB - fromB);
  for (let at = 0; order === 0 && fromA + at < endA; at += 1) {
    order = a.charCodeAt(fromA + at) - b.charCodeAt(fromB + at);
  }
  return order;
}

/** A digit comes before any other character. */
function compareCharacters(a: number, b: number): number {
  if (isDigit(a) !== isDigit(b)) return isDigit(a) ? -1 : 1;
  return small(a) - small(b);
}

/** Case and leading zeros aside. Nothing is made on the way: 100,000 names are compared while one waits for more. */
function compareMeaning(a: string, b: string): number {
  let atA = startOf(a);
  let atB = startOf(b);
  while (atA < a.length && atB < b.length) {
    const [codeA, codeB] = [a.charCodeAt(atA), b.charCodeAt(atB)];
    const areNumbers = isDigit(codeA) && isDigit(codeB);
    const endA = areNumbers ? endOfDigits(a, atA) : atA + 1;
    const endB = areNumbers ? endOfDigits(b, atB) : atB + 1;
    const order = areNumbers ? compareDigits(a, atA, endA, b, atB, endB) : compareCharacters(codeA, codeB);
    if (order !== 0) return order;
    atA = endA;
    atB = endB;
  }
  return a.length - atA - (b.length - atB);
}

/** Only equal strings are equal: two spellings of one number keep a fixed order, so rows never swap. */
export function compareNatural(a: string, b: string): number {
  if (a === b) return 0;
  return compareMeaning(a, b) || (a < b ? -1 : 1);
}

/** A new array. */
export function sortNatural(texts: readonly string[]): string[] {
  return texts.toSorted(compareNatural);
}

/** Names in natural order, each once, from names in any order that may come again. */
export function toNaturalNames(texts: readonly string[]): readonly string[] {
  const sorted = sortNatural(texts);
  return sorted.some((name, index) => name === sorted[index - 1])
    ? sorted.filter((name, index) => name !== sorted[index - 1])
    : sorted;
}

/**
 * Two lists in natural order as one, in one walk over them: a list that grows is never sorted as a whole again. Where
 * many names in a row are of one list, as with a registry that orders by bytes, few of them are compared.
 */
export function mergeNatural(a: readonly string[], b: readonly string[]): readonly string[] {
  if (isBefore(a, b)) return [...a, ...b];
  if (isBefore(b, a)) return [...b, ...a];
  const merged: string[] = [];
  let fromA = 0;
  let fromB = 0;
  while (fromA < a.length && fromB < b.length) {
    fromA = take(merged, a, fromA, endOfRun(a, fromA, b[fromB]));
    // What is in both lists comes from `b`.
    if (fromA < a.length && a[fromA] === b[fromB]) fromA += 1;
    fromB = take(merged, b, fromB, Math.max(fromB + 1, endOfRun(b, fromB, a[fromA])));
  }
  take(merged, a, fromA, a.length);
  take(merged, b, fromB, b.length);
  return merged;
}

/** Adds a part of a list to another; gives its end. */
function take(to: string[], from: readonly string[], start: number, end: number): number {
  for (let at = start; at < end; at += 1) to.push(from[at] ?? '');
  return end;
}

/** Up to where the names of a list from `start` on come before `name`, or before nothing: by strides, then by halves. */
function endOfRun(list: readonly string[], start: number, name: string | undefined): number {
  if (name === undefined) return list.length;
  const isInRun = (index: number) => index < list.length && compareNatural(list[index] ?? '', name) < 0;
  let stride = 1;
  while (isInRun(start + stride - 1)) stride *= 2;
  let [low, high] = [start + (stride >> 1), start + stride - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isInRun(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether all of `a` comes before all of `b`, as with a registry that sends its pages in order. */
function isBefore(a: readonly string[], b: readonly string[]): boolean {
  const [last, first] = [a.at(-1), b[0]];
  return last === undefined || first === undefined || compareNatural(last, first) < 0;
}
