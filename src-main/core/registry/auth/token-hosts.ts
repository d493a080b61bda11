/**
 * Token servers that belong to a registry of another name, so that a person is not asked about them. Each pair was
 * read from the registry's own challenge. Keys and values are hosts without a default port.
 */
const KNOWN_PAIRS: ReadonlyMap<string, readonly string[]> = new Map([
  ['registry-1.docker.io', ['auth.docker.io']],
  ['index.docker.io', ['auth.docker.io']],
  ['docker.io', ['auth.docker.io']],
  ['registry.gitlab.com', ['gitlab.com']],
  ['registry.digitalocean.com', ['api.digitalocean.com']],
  ['docker.elastic.co', ['docker-auth.elastic.co']],
]);

/**
 * True when a credential for the registry may be sent to this realm: the registry's own host name (any port: the
 * same name and certificate stand behind it, and docker_auth's usual set-up is registry:5000 with auth:5001), a
 * built-in pair, or a host the person trusted for this credential. Everything else must be asked about first
 * (SECURITY-CASES V3, A01).
 */
export function isTrustedTokenHost(realm: URL, registry: URL, trusted: readonly string[]): boolean {
  if (realm.hostname === registry.hostname) return true;
  if (realm.port === '' && (KNOWN_PAIRS.get(registry.host)?.includes(realm.hostname) ?? false)) return true;
  return trusted.includes(realm.host);
}
