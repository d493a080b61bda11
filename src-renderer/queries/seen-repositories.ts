import type { RepositoryPlace } from '../lib/paths.ts';
import { queryClient } from './client.ts';
import { registriesQuery } from './registries.ts';
import { pinsQuery, repositoriesQuery } from './repositories.ts';

/** Repositories that are pinned or in a catalog read before, without asking anyone. */
export function seenRepositories(): readonly RepositoryPlace[] {
  const registries = queryClient.getQueryData(registriesQuery().queryKey) ?? [];
  const pins = queryClient.getQueryData(pinsQuery().queryKey) ?? [];
  const listed = registries.flatMap(({ id }) => {
    const pages = queryClient.getQueryData(repositoriesQuery(id).queryKey)?.pages ?? [];
    return pages.flatMap((page) => page.repositories.map((repository) => ({ registryId: id, repository })));
  });
  const seen = new Map([...pins, ...listed].map((place) => [`${place.registryId} ${place.repository}`, place]));
  return [...seen.values()];
}
