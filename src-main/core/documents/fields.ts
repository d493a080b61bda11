/** A JSON object from outside, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Longer texts are cut: they are shown in rows and fields. */
const MAX_TEXT = 4096;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What lies at the end of the names, or undefined as soon as one of them is not there. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce(
    (inner: unknown, name) => (isFields(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

/** A text that is not empty, cut when it is very long. */
export function textAt(value: unknown, ...names: readonly string[]): string | undefined {
  const text = at(value, ...names);
  return typeof text === 'string' && text !== '' ? cut(text) : undefined;
}

/** A text as it may be kept. */
export function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** A text, or a number as text: protobuf writes 64-bit numbers either way. */
export function numberTextAt(value: unknown, ...names: readonly string[]): string | undefined {
  const found = at(value, ...names);
  return typeof found === 'number' ? String(found) : textAt(value, ...names);
}

/** Its entries, or none when there is no list. */
export function listAt(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const list = at(value, ...names);
  return Array.isArray(list) ? list : [];
}

export type Pair = [name: string, value: string];

/** Names and texts of a map, what is no text left out; at most `limit`. */
export function textPairs(value: unknown, limit: number): Pair[] {
  if (!isFields(value)) return [];
  return Object.entries(value)
    .flatMap(([name, text]): Pair[] => (typeof text === 'string' ? [[cut(name), cut(text)]] : []))
    .slice(0, limit);
}

/**
 * Values of a tree as lines, `a.b.0 = text`, in the order of the document; at most `limit`. The tree is one that
 * `parseJson` made, so it is nowhere deeper than 64.
 */
export function flatPairs(value: unknown, limit: number): Pair[] {
  const pairs: Pair[] = [];
  const visit = (inner: unknown, path: string): void => {
    if (pairs.length >= limit) return;
    if (Array.isArray(inner)) for (const [index, entry] of inner.entries()) visit(entry, join(path, String(index)));
    else if (isFields(inner)) for (const [name, entry] of Object.entries(inner)) visit(entry, join(path, name));
    else if (path !== '' && isScalar(inner)) pairs.push([cut(path), cut(String(inner))]);
  };
  visit(value, '');
  return pairs;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
