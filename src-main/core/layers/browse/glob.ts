/** One place of a pattern within a name: `*`, `?`, `[…]`, or one character as it is. */
type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'one' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: ReadonlyArray<readonly [string, string]> }
  | { readonly kind: 'character'; readonly text: string };

/** True for what is a pattern and not a piece of a name. */
export function isGlob(query: string): boolean {
  return /[*?]|\[.+\]/s.test(query);
}

/**
 * A matcher for file names and paths, in any case. Without a slash the pattern is laid against the name alone, with one
 * against the whole path, where `**` stands for any number of names. Names come from an image and patterns from a
 * person, so matching takes no more steps than pattern times text has characters; a regular expression could take years.
 */
export function createGlob(pattern: string): { readonly onPath: boolean; readonly matches: (text: string) => boolean } {
  const parts = pattern.toLowerCase().replace(/^\//, '').split('/');
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && !pattern.startsWith('/')) {
    const tokens = toTokens(only);
    return { onPath: false, matches: (name) => matchesName(tokens, name.toLowerCase()) };
  }
  const segments = parts.map((part) => (part === '**' ? ANY_DEPTH : toTokens(part)));
  return { onPath: true, matches: (path) => matchesPath(segments, path.toLowerCase().split('/')) };
}

const ANY_DEPTH = 'any-depth';
type Segment = readonly Token[] | typeof ANY_DEPTH;

function toTokens(part: string): readonly Token[] {
  const tokens: Token[] = [];
  const characters = Array.from(part);
  for (let at = 0; at < characters.length; at += 1) {
    const text = characters[at] ?? '';
    if (text === '*') tokens.push({ kind: 'star' });
    else if (text === '?') tokens.push({ kind: 'one' });
    else if (text === '[') at = pushClass(tokens, characters, at);
    else tokens.push({ kind: 'character', text });
  }
  return tokens;
}

/** Reads `[…]` from `start` on; returns where it ends. One that never ends is a bracket and nothing more. */
function pushClass(tokens: Token[], characters: readonly string[], start: number): number {
  const negated = characters[start + 1] === '!' || characters[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  // A bracket that comes first is one of the class.
  const end = characters.indexOf(']', first + 1);
  if (end === -1) {
    tokens.push({ kind: 'character', text: '[' });
    return start;
  }
  const ranges: (readonly [string, string])[] = [];
  for (let at = first; at < end; at += 1) {
    const from = characters[at] ?? '';
    const isRange = characters[at + 1] === '-' && at + 2 < end;
    ranges.push([from, isRange ? (characters[at + 2] ?? '') : from]);
    if (isRange) at += 2;
  }
  tokens.push({ kind: 'class', negated, ranges });
  return end;
}

function matchesOne(token: Token, text: string): boolean {
  if (token.kind === 'character') return token.text === text;
  if (token.kind !== 'class') return token.kind === 'one';
  return token.ranges.some(([from, to]) => from <= text && text <= to) !== token.negated;
}

/** The character at a position, both halves of a pair together. */
function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function matchesName(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < name.length) {
    const current = tokens[token];
    const character = characterAt(name, at);
    if (current?.kind === 'star') {
      starAt = token;
      resumeAt = at;
      token += 1;
    } else if (current !== undefined && matchesOne(current, character)) {
      token += 1;
      at += character.length;
    } else if (starAt === -1) {
      return false;
    } else {
      // The last star takes one more; earlier ones never need to, for it could take whatever they would.
      resumeAt += characterAt(name, resumeAt).length;
      at = resumeAt;
      token = starAt + 1;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star');
}

function matchesPath(segments: readonly Segment[], names: readonly string[]): boolean {
  let segment = 0;
  let at = 0;
  let depthAt = -1;
  let resumeAt = 0;
  while (at < names.length) {
    const current = segments[segment];
    if (current === ANY_DEPTH) {
      depthAt = segment;
      resumeAt = at;
      segment += 1;
    } else if (current !== undefined && matchesName(current, names[at] ?? '')) {
      segment += 1;
      at += 1;
    } else if (depthAt === -1) {
      return false;
    } else {
      resumeAt += 1;
      at = resumeAt;
      segment = depthAt + 1;
    }
  }
  return segments.slice(segment).every((one) => one === ANY_DEPTH);
}
