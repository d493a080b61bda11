import { literalAddress, mayReach, type ClassifyAddress, type Reach } from './address-policy.ts';
import { type Headers, headerLines } from './headers.ts';
import { redactUrl, scrubSecrets } from './redact.ts';
import { RegistryError, type RequestTrace } from './registry-error.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** True for a status that sends a GET or HEAD elsewhere. 304 is none: we never ask conditionally. */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

type RedirectContext = {
  readonly from: URL;
  readonly headers: Headers;
  /** Where the registry itself lies: a redirect may lead as far in, no further. */
  readonly reach: Reach;
  readonly registryUrl: URL;
  readonly classify: ClassifyAddress;
  readonly trace: RequestTrace;
  /** Never repeated, though the server may have put them into the Location (SECURITY-CASES A09). */
  readonly secrets: readonly string[];
};

/**
 * Where a redirect leads, when it may be followed: http(s) only, no userinfo, no https→http, no literal address
 * further inside than the registry (names are judged when they are resolved).
 * Spec: RFC 9110, 15.4; SECURITY-CASES R03, R04, R06.
 * @throws {RegistryError} `protocol{redirect}`, `untrusted-host`
 */
export function redirectTarget(context: RedirectContext): URL {
  const { from, headers, trace, secrets } = context;
  const [location, second] = headerLines(headers, 'location');
  if (location === undefined || location === '' || second !== undefined)
    throw refuse('a redirect needs exactly one Location', trace);
  // WHATWG URL drops tabs and newlines and reads "\" as "/": what it would repair is refused instead.
  if (/[\p{Cc} \\]/u.test(location)) throw refuse('Location holds a control character, space or backslash', trace);
  const target = URL.parse(location, from.href);
  if (target === null) throw refuse('Location is no URL', trace);
  if (target.protocol !== 'https:' && target.protocol !== 'http:') {
    throw refuse(`Location has the scheme ${scrubSecrets(target.protocol, secrets).slice(0, 20)}`, trace);
  }
  if (target.username !== '' || target.password !== '') throw refuse('Location holds a user name', trace);
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    throw refuse(`https redirected to plain http at ${redactUrl(target, secrets)}`, trace);
  }
  checkLiteral(target, context);
  target.hash = '';
  return target;
}

function checkLiteral(target: URL, context: RedirectContext): void {
  if (target.origin === context.registryUrl.origin) return;
  const literal = literalAddress(target.hostname);
  if (literal === undefined || mayReach(context.reach, context.classify(literal))) return;
  const detail = `${target.host} is an address a registry may not redirect to`;
  throw new RegistryError(
    { kind: 'untrusted-host', host: target.host, registryHost: context.registryUrl.host, detail },
    context.trace,
  );
}

function refuse(detail: string, trace: RequestTrace): RegistryError {
  return new RegistryError({ kind: 'protocol', reason: 'redirect', detail }, trace);
}
