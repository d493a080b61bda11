import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';
import type { Logger } from '../../ports.ts';
import type { TlsMaterial } from './tls-material.ts';

/** Which side of a registry a connection goes to: its own host and port, or a host it sent us to. */
export type TlsSide = { readonly material: TlsMaterial; readonly offersClient: boolean };

/** Makes OpenSSL's contexts, each once: reading 150 authorities takes tens of milliseconds. */
export type TlsTrust = { contextFor(side: TlsSide): SecureContext };

/**
 * Trust is the system's authorities and Node's bundled ones (which include NODE_EXTRA_CA_CERTS), and what a person
 * gave for one registry on top. TLS 1.2 at least.
 */
export function createTlsTrust(logger: Logger): TlsTrust {
  const contexts = new Map<string, SecureContext>();
  let everybody: readonly string[] | undefined;
  return {
    contextFor: ({ material, offersClient }) => {
      const key = `${offersClient} ${material.id}`;
      const known = contexts.get(key);
      if (known !== undefined) return known;
      everybody ??= trustedByAll(logger);
      const made = createContext(everybody, material, offersClient);
      contexts.set(key, made);
      return made;
    },
  };
}

function createContext(everybody: readonly string[], material: TlsMaterial, offersClient: boolean): SecureContext {
  const { client, authorities } = material;
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ca: [...everybody, ...authorities],
    // What a person pasted is trusted as it is, also when it is an intermediate authority or the server's own.
    ...(authorities.length === 0 ? {} : { allowPartialTrustChain: true }),
    ...(client === undefined || !offersClient ? {} : { cert: client.certificatePem, key: client.keyPem }),
  });
}

function trustedByAll(logger: Logger): readonly string[] {
  return [...new Set([...read('default', rootCertificates, logger), ...read('system', [], logger)])];
}

/** A store that cannot be read leaves the other: no reason to trust nobody. */
function read(store: 'default' | 'system', otherwise: readonly string[], logger: Logger): readonly string[] {
  try {
    return getCACertificates(store);
  } catch (error) {
    logger.log('warn', 'tls.trust', { store, error: error instanceof Error ? error.message : 'unknown' });
    return otherwise;
  }
}
