import type { Registry } from '#shared/api/registries.ts';

type Reach = Pick<Registry, 'plainHttp' | 'skipVerification'> & { readonly tls: Pick<Registry['tls'], 'caPem'> };

/** How well a connection is protected, in a few words. */
export function securityText({ plainHttp, skipVerification, tls }: Reach): string {
  if (plainHttp) return 'plain HTTP, not encrypted';
  if (skipVerification) return 'HTTPS, certificate not checked';
  return tls.caPem === undefined
    ? 'HTTPS, certificate checked'
    : 'HTTPS, certificate checked, an authority added by you';
}
