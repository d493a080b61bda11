/** Query parameters whose values may be shown. Everything else may be a signature or a secret (SECURITY-CASES V18, R10). */
const SHOWN_QUERY_KEYS = new Set([
  'n',
  'last',
  'next',
  'next_page',
  'scope',
  'service',
  'digest',
  'mount',
  'from',
  'ns',
  'artifacttype',
  'account',
]);

/** Headers whose values may be logged or shown as they are. */
const SHOWN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-ranges',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'docker-content-digest',
  'docker-distribution-api-version',
  'docker-ratelimit-source',
  'etag',
  'oci-chunk-min-length',
  'oci-filters-applied',
  'oci-subject',
  'oci-tag',
  'range',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'server',
  'transfer-encoding',
  'user-agent',
  'warning',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
]);

const MASK = 'REDACTED';
const HIDDEN = '(hidden)';
const MAX_URL_LENGTH = 1000;
/** Longer than the names that signed addresses use, shorter than a signature. */
const MAX_KEY_LENGTH = 40;
const MAX_HEADER_LENGTH = 1000;
const MAX_HEADER_NAME = 100;
/** Of one message what is shown, in lines and characters: a server may fill 16 KiB, and 2,000 messages are kept. */
const MAX_HEADERS = 100;
const MAX_HEADERS_LENGTH = 8000;

/**
 * A URL that may be shown: no userinfo, no fragment, and only the values of query parameters on the allowlist.
 * Text that is no URL comes back as `REDACTED`, since it cannot be judged. `secrets` are replaced wherever they stand.
 */
export function redactUrl(url: URL | string, secrets: readonly string[] = []): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  if (parsed === null) return MASK;
  const pairs = [...parsed.searchParams].map(([key, value]) => {
    const shown = SHOWN_QUERY_KEYS.has(key.toLowerCase()) ? encodeURIComponent(value) : MASK;
    return `${shownKey(key, value)}=${shown}`;
  });
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  return scrubSecrets(`${parsed.protocol}//${parsed.host}${parsed.pathname}${query}`, secrets).slice(0, MAX_URL_LENGTH);
}

/** True for an address of whose query `redactUrl` would hide nothing. */
export function hidesNothing(url: URL): boolean {
  return [...url.searchParams.keys()].every((key) => SHOWN_QUERY_KEYS.has(key.toLowerCase()));
}

/**
 * A server's line of text with addresses in it, whole or relative, as it may be shown: no user names, no fragments, and
 * of queries what `redactUrl` shows. Inside quotes `\"` ends nothing. Linear in the length.
 */
export function redactLine(line: string): string {
  const shownPair = (_all: string, mark: string, key: string, value: string | undefined): string => {
    if (value === undefined) return `${mark}${MASK}`;
    return `${mark}${shownKey(key, value)}=${SHOWN_QUERY_KEYS.has(key.toLowerCase()) ? value : MASK}`;
  };
  return line
    .replaceAll(/\/\/[^/\s"]*@/g, `//${MASK}@`)
    .replaceAll(/#(?:\\.|[^"\s\\])+/g, `#${MASK}`)
    .replaceAll(/([?&])([^=&#"\s\\]+)(?:=((?:\\.|[^&#"\s\\])*))?/g, shownPair);
}

/** A key tells what was hidden. One without a value, or a long one, may be the secret itself: `?<token>`. */
function shownKey(key: string, value: string): string {
  const mayBeSecret = value === '' || key.length > MAX_KEY_LENGTH;
  return mayBeSecret && !SHOWN_QUERY_KEYS.has(key.toLowerCase()) ? MASK : encodeURIComponent(key);
}

/** A header's name, and as much of its value as may be shown. */
export type ShownHeader = readonly [name: string, value: string];

/**
 * Headers as they may be shown, a line each. Names are kept, they say what was sent. A value outside the allowlist is
 * `(hidden)`; of `Authorization` the scheme is told; addresses lose their queries as in `redactUrl`. `base` is what
 * relative addresses are relative to; `secrets` are replaced wherever they stand. What is beyond 100 lines or 8,000
 * characters is left out.
 */
export function shownHeaders(headers: HeaderValues, base: URL, secrets: readonly string[] = []): ShownHeader[] {
  const shown: ShownHeader[] = [];
  let length = 0;
  for (const [name, line] of headerLinesOf(headers)) {
    const text = scrubSecrets(shownValue(name.toLowerCase(), line, { base, secrets }), secrets);
    const header = [name.slice(0, MAX_HEADER_NAME), text.slice(0, MAX_HEADER_LENGTH)] as const;
    length += header[0].length + header[1].length;
    if (shown.length >= MAX_HEADERS || length > MAX_HEADERS_LENGTH) break;
    shown.push(header);
  }
  return shown;
}

function headerLinesOf(headers: HeaderValues): readonly ShownHeader[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const lines = typeof value === 'string' ? [value] : (value ?? []);
    return lines.map((line) => [name, line] as const);
  });
}

type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;
type Shown = { readonly base: URL; readonly secrets: readonly string[] };

function shownValue(name: string, value: string, { base, secrets }: Shown): string {
  const address = (text: string) => redactUrl(URL.parse(text, base.href) ?? '', secrets);
  if (name === 'authorization' || name === 'proxy-authorization') return shownAuthorization(value);
  if (name === 'location') return address(value);
  // Whatever a server put around the addresses may be a secret as well as a `rel`.
  if (name === 'link')
    return (value.match(/<[^>]*>/g) ?? []).map((part) => `<${address(part.slice(1, -1))}>`).join(', ');
  if (name === 'www-authenticate') return redactLine(value);
  return SHOWN_HEADERS.has(name) ? value : HIDDEN;
}

/** `Bearer (hidden, 812 characters)`. A password's length says too much, so Basic tells none. */
function shownAuthorization(value: string): string {
  const [, scheme, credentials = ''] = /^(Basic|Bearer) (.*)$/is.exec(value) ?? [];
  if (scheme?.toLowerCase() === 'bearer') return `Bearer (hidden, ${credentials.length} characters)`;
  return scheme === undefined ? HIDDEN : 'Basic (hidden)';
}

/** Each as it is, and as it stands in addresses, forms and JSON; the longest first. */
export function spellingsOf(secrets: readonly string[]): readonly string[] {
  const spelled = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
  return longestFirst(new Set(spelled));
}

/** The longest first: what is left of a secret that begins with another one would still be seen. */
export function longestFirst(secrets: Iterable<string>): readonly string[] {
  return [...secrets].sort((one, other) => other.length - one.length);
}

/**
 * `text` with every occurrence of the secrets replaced: for words of a server that saw our secret and may echo it
 * (SECURITY-CASES A09), `longestFirst`. Secrets shorter than four characters are left alone: replacing them would shred the text.
 */
export function scrubSecrets(text: string, secrets: readonly string[]): string {
  let scrubbed = text;
  for (const secret of secrets) {
    if (secret.length >= 4) scrubbed = scrubbed.replaceAll(secret, MASK);
  }
  return scrubbed;
}

/**
 * Like `scrubSecrets`, for text whose end may have been cut off (`isCut`): the beginning of a secret that stands there
 * goes too, since it would move into view when what stands before it shrinks.
 */
export function scrubStart(text: string, secrets: readonly string[], isCut: boolean): string {
  if (!isCut) return scrubSecrets(text, secrets);
  const whole = text.replace(/\ufffd$/, '');
  const cut = secrets.reduce((most, secret) => Math.max(most, overlap(whole, secret)), 0);
  return scrubSecrets(whole.slice(0, whole.length - cut), secrets);
}

/** How much of the beginning of `secret`, or all of it, `text` ends with. */
function overlap(text: string, secret: string): number {
  let length = Math.min(text.length, secret.length);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}
