import type { RegistryConnection } from '../registry-client.ts';
import { type ClassifyAddress, literalAddress } from '../transport/address-policy.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { isTrustedTokenHost } from './token-hosts.ts';

/** What is known of the place a secret is about to be sent to. */
export type DestinationRules = {
  readonly connection: Pick<RegistryConnection, 'plainHttp' | 'proxy' | 'trustedTokenHosts'>;
  /** The registry's own address. */
  readonly registry: URL;
  readonly classify: ClassifyAddress;
};

/**
 * Called before a byte of a secret leaves: over plain http it goes only to this machine, or where the person said so
 * for this registry (SECURITY-CASES A13); to a token server only when that is known to belong to the registry (A01).
 * @throws {RegistryError} `plaintext-auth`; `untrusted-host`, whose `host` is what `trustedTokenHosts` would have to hold
 */
export function checkDestination(target: URL, rules: DestinationRules): void {
  const { connection, registry, classify } = rules;
  const mayBeRead = !isThisMachine(target.hostname, classify) || connection.proxy?.kind === 'url';
  if (target.protocol === 'http:' && !connection.plainHttp && mayBeRead) {
    throw new RegistryError({ kind: 'plaintext-auth', host: target.host });
  }
  if (isTrustedTokenHost(target, registry, connection.trustedTokenHosts ?? [])) return;
  throw new RegistryError({
    kind: 'untrusted-host',
    host: target.host,
    registryHost: registry.host,
    detail: `${registry.host} asks to send the credential to ${target.host}`,
    canTrust: true,
  });
}

/**
 * A loopback address, or `localhost`, which every system keeps to itself. A name below it may be asked of a DNS server,
 * whose answer can lie anywhere.
 */
function isThisMachine(hostname: string, classify: ClassifyAddress): boolean {
  const literal = literalAddress(hostname);
  return literal === undefined ? hostname === 'localhost' : classify(literal) === 'loopback';
}
