import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { orpc } from './client.ts';
import { isOf, registriesQuery } from './registries.ts';

/** Why this registry gets the credential it gets. Read anew each time it is looked at: files change under us. */
export function useExplanation(registryId: string) {
  return useQuery(orpc.accounts.explain.queryOptions({ input: { id: registryId }, staleTime: 0, gcTime: 0 }));
}

/** Layers on this computer that go with a sign-out, as they are now. */
export function useKeptLayers(registryId: string) {
  return useQuery(orpc.accounts.keptLayers.queryOptions({ input: { id: registryId }, staleTime: 0, gcTime: 0 }));
}

/** Lets a credential go to a token server of another name, or takes that back. */
export function useTrustTokenHost() {
  const client = useQueryClient();
  return useMutation(
    orpc.accounts.trustTokenHost.mutationOptions({
      onSuccess: (updated) => {
        client.setQueryData(registriesQuery().queryKey, (all) =>
          all?.map((registry) => (registry.id === updated.id ? updated : registry)),
        );
      },
    }),
  );
}

/** Deletes the stored secret for good. What was read with it is asked for again. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation(
    orpc.accounts.signOut.mutationOptions({
      onSuccess: (updated) => {
        client.setQueryData(registriesQuery().queryKey, (all) =>
          all?.map((registry) => (registry.id === updated.id ? updated : registry)),
        );
        for (const area of [orpc.repositories, orpc.tags, orpc.images, orpc.manifests]) {
          void client.resetQueries({ queryKey: area.key(), predicate: (query) => isOf(query.queryKey, updated.id) });
        }
      },
    }),
  );
}
