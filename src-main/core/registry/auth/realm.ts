import { type ClassifyAddress, literalAddress, type Reach } from '../transport/address-policy.ts';
import { RegistryError, type RequestTrace } from '../transport/registry-error.ts';

const MAX_REALM = 2048;

type RealmContext = {
  /** Who names the realm: the registry, or the target of a redirect. */
  readonly registry: URL;
  readonly trace: RequestTrace;
  readonly classify: ClassifyAddress;
  /** The header as it came, fit to be shown: what a person needs to tell whose mistake it is. */
  readonly header?: string;
};

/**
 * The token server's address from a challenge, when it may be asked at all (with or without a credential): https,
 * or http when the registry itself is reached over http; no userinfo; no literal address inside the person's
 * network but the registry's own, if private on any port (names are judged when they are resolved). A relative realm is
 * resolved against the registry. Spec: distribution token authentication, "Requesting a Token"; SECURITY-CASES
 * A02, A03, A05, A06.
 * @throws {RegistryError} `protocol{challenge}`, `untrusted-host`
 */
export function checkRealm(realm: string | undefined, context: RealmContext): URL {
  const { registry, trace, header } = context;
  const refuse = (problem: string) => {
    const detail = header === undefined ? problem : `${problem}; WWW-Authenticate: ${header}`;
    return new RegistryError({ kind: 'protocol', reason: 'challenge', detail }, trace);
  };
  if (realm === undefined || realm === '') throw refuse('the Bearer challenge names no realm');
  // WHATWG URL repairs what is refused here: it drops tabs and newlines and reads "\" as "/".
  if (realm.length > MAX_REALM || /[\p{Cc} \\]/u.test(realm)) throw refuse('the realm is no plain URL');
  const url = URL.parse(realm, registry.href);
  if (url === null) throw refuse('the realm is no URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refuse(`the realm has the scheme ${url.protocol.slice(0, 20)}`);
  }
  if (url.username !== '' || url.password !== '') throw refuse('the realm holds a user name');
  if (url.protocol === 'http:' && registry.protocol === 'https:') {
    throw refuse(`the realm ${url.host} is plain http while the registry is https`);
  }
  checkLiteral(url, context);
  url.hash = '';
  return url;
}

function checkLiteral(url: URL, context: RealmContext): void {
  const literal = literalAddress(url.hostname);
  if (literal === undefined || url.host === context.registry.host) return;
  const reach: Reach = context.classify(literal);
  // Another port of the registry's own address is the same machine; not so of a loopback address, where a registry may
  // be a forwarded port, and the next port something of this machine that it has no business with.
  const isOwn = url.hostname === context.registry.hostname && reach === 'private';
  if (reach === 'public' || isOwn) return;
  const detail = `the realm ${url.host} is a ${reach === 'forbidden' ? 'reserved' : reach} address`;
  const failure = { kind: 'untrusted-host', host: url.host, registryHost: context.registry.host, detail } as const;
  throw new RegistryError(failure, context.trace);
}
