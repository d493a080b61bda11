/** One link of a `Link` header. Parameter names in lower case; the first of equal names counts. */
export type Link = { readonly uri: string; readonly params: ReadonlyMap<string, string> };

/** `rejected`: it leaves the origin (SECURITY-CASES P01); `error`: unreadable (P05). Neither is ever requested. */
export type NextLink =
  | { readonly result: 'none' }
  | { readonly result: 'next'; readonly url: URL }
  | { readonly result: 'rejected'; readonly host: string }
  | { readonly result: 'error' };

const MAX_LENGTH = 16_384;
const URI_IN_BRACKETS = /<([^<>"\\\p{Cc} ]*)>/uy;
// Some registries leave the brackets out; a bare URI ends at white space, a comma or a semicolon.
const BARE_URI = /[^<>"\\\p{Cc} ,;]+/uy;
const SEPARATOR = /[ \t]*;[ \t]*/y;
const PARAM_NAME = /[!#$%'+\-.^_`|~0-9A-Za-z]+\*?(?=[ \t]*(?:=|;|,|$))/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const BARE_VALUE = /[^\s"\\,;<>]+/y;
const END = /[ \t]*(?:,[ \t,]*|$)/y;

/**
 * Parses `Link` lines. Undefined when any is unreadable: following half of a header would be guessing.
 * Spec: RFC 8288, section 3; linear in the length.
 */
export function parseLinks(lines: readonly string[]): readonly Link[] | undefined {
  const links: Link[] = [];
  for (const line of lines) {
    if (line.length > MAX_LENGTH || !parseLine(line.trim(), links)) return undefined;
  }
  return links;
}

/**
 * The next page of a list: the first link with `rel=next`, or the only link when it has no `rel` at all (some
 * registries leave it out). It must stay on the origin of the request.
 * Spec: OCI Distribution 1.1, "Listing Tags", RFC 8288; SECURITY-CASES V7.
 */
export function nextLink(requestUrl: URL, lines: readonly string[]): NextLink {
  const links = parseLinks(lines);
  if (links === undefined) return { result: 'error' };
  const link = links.find((each) => relations(each).includes('next')) ?? onlyWithoutRelation(links);
  if (link === undefined) return { result: 'none' };
  if (link.uri === '') return { result: 'error' };
  const url = URL.parse(link.uri, requestUrl.href);
  if (url === null) return { result: 'error' };
  if (url.origin !== requestUrl.origin || url.username !== '' || url.password !== '') {
    return { result: 'rejected', host: url.host.slice(0, 255) };
  }
  url.hash = '';
  return { result: 'next', url };
}

function relations(link: Link): readonly string[] {
  return (link.params.get('rel') ?? '').toLowerCase().split(/\s+/);
}

function onlyWithoutRelation(links: readonly Link[]): Link | undefined {
  const [only, second] = links;
  return only !== undefined && second === undefined && !only.params.has('rel') ? only : undefined;
}

type Cursor = { readonly text: string; at: number };

function parseLine(text: string, into: Link[]): boolean {
  const cursor: Cursor = { text, at: 0 };
  take(cursor, /[ \t,]*/y);
  while (cursor.at < text.length) {
    const uri = readUri(cursor);
    if (uri === undefined) return false;
    const params = new Map<string, string>();
    while (take(cursor, SEPARATOR) !== undefined) {
      if (!readParam(cursor, params)) return false;
    }
    into.push({ uri, params });
    if (take(cursor, END) === undefined) return false;
  }
  return true;
}

function readUri(cursor: Cursor): string | undefined {
  if (cursor.text[cursor.at] === '<') return take(cursor, URI_IN_BRACKETS)?.slice(1, -1);
  return take(cursor, BARE_URI);
}

/** A parameter, or nothing between two semicolons. False when malformed. */
function readParam(cursor: Cursor, params: Map<string, string>): boolean {
  if (/[;,]/.test(cursor.text.charAt(cursor.at)) || cursor.at >= cursor.text.length) return true;
  const name = take(cursor, PARAM_NAME)?.toLowerCase();
  if (name === undefined) return false;
  let value = '';
  if (take(cursor, EQUALS) !== undefined) {
    const read = readValue(cursor);
    if (read === undefined) return false;
    value = read;
  }
  if (!params.has(name)) params.set(name, value);
  return true;
}

function readValue(cursor: Cursor): string | undefined {
  if (cursor.text[cursor.at] !== '"') return take(cursor, BARE_VALUE);
  return take(cursor, QUOTED)?.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return undefined;
  cursor.at = pattern.lastIndex;
  return match[0];
}
