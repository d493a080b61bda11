import type { ClientPool } from '../connections/client-pool.ts';
import type { EndOpener, FileEnds } from './ends.ts';
import { openRegistryDestination } from './registry-destination.ts';
import { openRegistrySource } from './registry-source.ts';

/**
 * Opens ends of both kinds. The clients of the pool must remember nothing: what a destination held a while ago is no
 * reason not to write it.
 */
export function createEndOpener(clients: Pick<ClientPool, 'get'>, files: FileEnds): EndOpener {
  const registry = ({ registryId, repository }: { readonly registryId: string; readonly repository: string }) => ({
    repository,
    client: () => clients.get(registryId),
  });
  return {
    openSource: (ref, call) =>
      ref.kind === 'file' ? files.openSource(ref.id, call) : openRegistrySource(registry(ref)),
    openDestination: (ref, call) =>
      ref.kind === 'file' ? files.openDestination(ref.id, call) : openRegistryDestination(registry(ref)),
  };
}
