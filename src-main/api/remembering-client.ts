import { LOCAL_ID } from '../core/connections/connection-book.ts';
import { identityOf } from '../core/connections/identity.ts';
import { withDigestCache } from '../core/image/digest-cache.ts';
import { withKeptAnswers } from '../core/image/kept/with-kept-answers.ts';
import type { Clock } from '../core/ports.ts';
import type { RegistryClient } from '../core/registry/registry-client.ts';
import type { Cache } from '../core/storage/cache/open-cache.ts';

/**
 * A client with memory and shelf. The Local registry is always there and changes under our eyes: of it only memory
 * keeps anything.
 */
export function rememberingClient(
  registryId: string,
  client: RegistryClient,
  { cache, clock }: { readonly cache: Cache; readonly clock: Clock },
): RegistryClient {
  if (registryId === LOCAL_ID) return withDigestCache(client);
  const shelf = cache.shelf({ registryId, identity: identityOf(client.connection) });
  return withDigestCache(withKeptAnswers(client, { shelf, clock }));
}
