import type { ConnectionInput, ConnectionStep } from '#shared/api/registries.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { orpc } from './client.ts';

export function registriesQuery() {
  return orpc.registries.list.queryOptions({ staleTime: Number.POSITIVE_INFINITY });
}

export function useRegistries() {
  return useQuery(registriesQuery());
}

/** Undefined while loading, and for an id that is not there. */
export function useRegistry(registryId: string) {
  return useQuery({ ...registriesQuery(), select: (all) => all.find(({ id }) => id === registryId) });
}

export function useSuggestions() {
  return useQuery(orpc.registries.suggestions.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
}

export function useAddRegistry() {
  const client = useQueryClient();
  return useMutation(
    orpc.registries.add.mutationOptions({
      onSuccess: (added) => {
        client.setQueryData(registriesQuery().queryKey, (all) =>
          all === undefined ? undefined : [...all.filter(({ id }) => id !== added.id), added],
        );
      },
    }),
  );
}

/** What a registry showed before may not hold for its new connection: all of it is asked for again. */
export function useUpdateRegistry() {
  const client = useQueryClient();
  return useMutation(
    orpc.registries.update.mutationOptions({
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

export function useRemoveRegistry() {
  const client = useQueryClient();
  return useMutation(
    orpc.registries.remove.mutationOptions({
      onSuccess: (_answer, { id }) => {
        client.setQueryData(registriesQuery().queryKey, (all) => all?.filter((registry) => registry.id !== id));
        client.removeQueries({ predicate: (query) => isOf(query.queryKey, id) });
      },
    }),
  );
}

/** Tries a connection rung by rung; ends after the last. Stopped by the signal. */
export function testConnection(
  input: ConnectionInput & { readonly id?: string },
  signal: AbortSignal,
): Promise<AsyncIterable<ConnectionStep>> {
  return api.registries.test(input, { signal });
}

/** Whether a query's key names this registry in its input. */
export function isOf(queryKey: readonly unknown[], registryId: string): boolean {
  const options = queryKey[1];
  if (typeof options !== 'object' || options === null || !('input' in options)) return false;
  const { input } = options;
  return typeof input === 'object' && input !== null && 'registryId' in input && input.registryId === registryId;
}
