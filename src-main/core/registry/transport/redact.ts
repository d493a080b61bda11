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

/** Headers whose values may be logged or shown. */
const SHOWN_HEADERS = new Set([
  'accept',
  'accept-encoding',
  'content-length',
  'content-type',
  'content-encoding',
  'date',
  'docker-content-digest',
  'docker-distribution-api-version',
  'oci-subject',
  'ratelimit-limit',
  'ratelimit-remaining',
  'retry-after',
  'server',
  'user-agent',
  'warning',
  'www-authenticate',
]);

const MASK = 'REDACTED';
const MAX_URL_LENGTH = 1000;

/**
 * A URL that may be shown: no userinfo, no fragment, and only the values of query parameters on the allowlist.
 * Text that is no URL comes back as `REDACTED`, since it cannot be judged. `secrets` are replaced wherever they stand.
 */
export function redactUrl(url: URL | string, secrets: readonly string[] = []): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  if (parsed === null) return MASK;
  const pairs = [...parsed.searchParams].map(([key, value]) => {
    const shown = SHOWN_QUERY_KEYS.has(key.toLowerCase()) ? encodeURIComponent(value) : MASK;
    return `${encodeURIComponent(key)}=${shown}`;
  });
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  return scrubSecrets(`${parsed.protocol}//${parsed.host}${parsed.pathname}${query}`, secrets).slice(0, MAX_URL_LENGTH);
}

/** Headers that may be shown: values outside the allowlist are replaced. Names are kept, they say what was sent. */
export function redactHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const shown: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    shown.push([name, SHOWN_HEADERS.has(name.toLowerCase()) ? text : MASK]);
  }
  return Object.fromEntries(shown);
}

/**
 * `text` with every occurrence of the secrets replaced: for words of a server that saw our secret and may echo it
 * (SECURITY-CASES A09). Secrets shorter than four characters are left alone: replacing them would shred the text.
 */
export function scrubSecrets(text: string, secrets: readonly string[]): string {
  let scrubbed = text;
  for (const secret of secrets) {
    if (secret.length >= 4) scrubbed = scrubbed.replaceAll(secret, MASK);
  }
  return scrubbed;
}
