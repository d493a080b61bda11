import { redactLine, scrubSecrets } from './redact.ts';

/** One challenge of a `WWW-Authenticate` header: scheme and parameter names in lower case. */
export type Challenge = { readonly scheme: string; readonly params: ReadonlyMap<string, string> };

export type ParsedChallenges = {
  readonly challenges: readonly Challenge[];
  /** Lines that stopped making sense at some point; what came before the fault is kept. Cut for display. */
  readonly malformed: readonly string[];
};

const MAX_LINES = 20;
const MAX_LINE = 16_384;
const MAX_CHALLENGES = 50;
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
/** A token, or an address or scope that should have been quoted: what may follow is a comma or a space in any case. */
const BARE_VALUE = /[!#$%&'*+\-.^_`|~0-9A-Za-z:/?@[\]][!#$%&'*+\-.^_`|~0-9A-Za-z:/?@[\]=]*/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const SPACES = /[ \t]+/y;
const OPTIONAL_SPACES = /[ \t]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;

/**
 * Parses `WWW-Authenticate` lines as RFC 9110, 11.6.1 has it: several challenges on one line or on several, quoted
 * pairs, `token68`. A fault ends its own line only; a parameter given twice keeps its first value. Linear in the
 * length (SECURITY-CASES A14).
 */
export function parseChallenges(lines: readonly string[]): ParsedChallenges {
  const challenges: Challenge[] = [];
  const malformed: string[] = [];
  for (const line of lines.slice(0, MAX_LINES)) {
    if (!parseLine(line.slice(0, MAX_LINE), challenges)) malformed.push(line.slice(0, 200));
  }
  return { challenges: challenges.slice(0, MAX_CHALLENGES), malformed };
}

type Cursor = { readonly text: string; at: number };
type OpenChallenge = { readonly scheme: string; readonly params: Map<string, string> };

/** False when the line is malformed; the whole challenges before the fault have been added. */
function parseLine(text: string, into: Challenge[]): boolean {
  const cursor: Cursor = { text, at: 0 };
  let current: OpenChallenge | undefined;
  while (into.length < MAX_CHALLENGES) {
    skipCommas(cursor);
    if (cursor.at >= text.length) return true;
    const param = current === undefined ? undefined : readParam(cursor);
    if (param === 'malformed') return false;
    if (param !== undefined && current !== undefined) {
      if (!current.params.has(param.name)) current.params.set(param.name, param.value);
    } else {
      current = readScheme(cursor);
      if (current === undefined) return false;
      into.push(current);
    }
    if (!atSeparator(cursor)) return false;
  }
  return true;
}

/** `name = value`, or undefined (and nothing consumed) when what stands here is a new scheme. */
function readParam(cursor: Cursor): { readonly name: string; readonly value: string } | 'malformed' | undefined {
  const start = cursor.at;
  const name = take(cursor, TOKEN);
  take(cursor, OPTIONAL_SPACES);
  if (name === undefined || cursor.text[cursor.at] !== '=') {
    cursor.at = start;
    return undefined;
  }
  cursor.at += 1;
  take(cursor, OPTIONAL_SPACES);
  const value = readValue(cursor);
  return value === undefined ? 'malformed' : { name: name.toLowerCase(), value };
}

function readValue(cursor: Cursor): string | undefined {
  if (cursor.text[cursor.at] !== '"') return take(cursor, BARE_VALUE);
  const quoted = take(cursor, QUOTED);
  return quoted?.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}

/** `scheme`, `scheme token68` or `scheme param`: the parameter itself is left for the next round. */
function readScheme(cursor: Cursor): OpenChallenge | undefined {
  const scheme = take(cursor, TOKEN);
  if (scheme === undefined) return undefined;
  const open: OpenChallenge = { scheme: scheme.toLowerCase(), params: new Map() };
  if (take(cursor, SPACES) === undefined) return open;
  const first = readParamAfterScheme(cursor);
  if (first === 'malformed') return undefined;
  if (first !== undefined) open.params.set(first.name, first.value);
  return open;
}

function readParamAfterScheme(
  cursor: Cursor,
): { readonly name: string; readonly value: string } | 'malformed' | undefined {
  if (cursor.at >= cursor.text.length || cursor.text[cursor.at] === ',') return undefined;
  const start = cursor.at;
  const param = readParam(cursor);
  if (param !== undefined && param !== 'malformed') return param;
  cursor.at = start;
  return take(cursor, TOKEN68) === undefined ? 'malformed' : undefined;
}

function skipCommas(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && /[ \t,]/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
}

function atSeparator(cursor: Cursor): boolean {
  take(cursor, OPTIONAL_SPACES);
  return cursor.at >= cursor.text.length || cursor.text[cursor.at] === ',';
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return undefined;
  cursor.at = pattern.lastIndex;
  return match[0];
}

/**
 * A header line as it came, fit to be shown: addresses as `redactLine` shows them, and without `secrets`. Cut to 300
 * characters.
 */
export function shownLine(line: string, secrets: readonly string[]): string {
  return redactLine(scrubSecrets(line.slice(0, MAX_LINE), secrets)).slice(0, 300);
}

/** A challenge as one line, for people: `Bearer realm="…"`, its addresses as `redactLine` shows them. */
export function formatChallenge(challenge: Challenge): string {
  const params = [...challenge.params].map(([name, value]) => `${name}="${shownValue(value)}"`).join(', ');
  const scheme = challenge.scheme.charAt(0).toUpperCase() + challenge.scheme.slice(1);
  return params === '' ? scheme : `${scheme} ${params}`;
}

/** In quotes, as the header had it: a quote in the value ends neither the value nor what is hidden of it. */
function shownValue(value: string): string {
  return redactLine(value.replaceAll(/["\\]/g, '\\$&')).slice(0, 300);
}
