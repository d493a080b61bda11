import { isDigest } from '#shared/oci/digest.ts';
import { knownOf, type CopySource } from '../lib/copy-sources.ts';
import type { LoadedNames } from '../lib/drop-place.ts';
import { queryClient } from './client.ts';
import { registriesQuery } from './registries.ts';
import { pinsQuery, repositoriesQuery } from './repositories.ts';
import { tagSummaryQuery } from './tags.ts';

/** The same with size and platforms, where they have been read already. Asks nobody. */
export function withKnown(source: CopySource): CopySource {
  if (source.kind === 'repository' || isDigest(source.reference)) return source;
  const summary = queryClient.getQueryData(tagSummaryQuery(source, source.reference).queryKey);
  return { ...source, ...knownOf(summary) };
}

/** Repositories of one registry that are pinned or listed so far. Asks nobody. */
export function loadedRepositories(registryId: string): LoadedNames {
  const pages = queryClient.getQueryData(repositoriesQuery(registryId).queryKey)?.pages ?? [];
  const pins = (queryClient.getQueryData(pinsQuery().queryKey) ?? []).filter((pin) => pin.registryId === registryId);
  const names = new Set([...pages.flatMap((page) => page.repositories), ...pins.map(({ repository }) => repository)]);
  const last = pages.at(-1);
  return { names: [...names], isWhole: last !== undefined && last.nextCursor === undefined };
}

/** The host of a registry in the list; its id for one that is gone. */
export function hostOf(registryId: string): string {
  const registries = queryClient.getQueryData(registriesQuery().queryKey) ?? [];
  return registries.find(({ id }) => id === registryId)?.host ?? registryId;
}
