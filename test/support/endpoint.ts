import type { Endpoint } from '#main/core/registry/transport/http.ts';
import { readTlsMaterial } from '#main/core/registry/transport/tls-material.ts';

/** A registry at an origin, reached without anything special. */
export function endpointAt(origin: string, more: Partial<Endpoint> = {}): Endpoint {
  return {
    url: new URL(origin),
    basePath: '',
    skipVerification: false,
    tls: readTlsMaterial(undefined),
    proxy: { kind: 'none' },
    ...more,
  };
}
