import { digestAlgorithm, isDigest, shortDigest } from '#shared/oci/digest.ts';
import { imagePath, registryPath, repositoryPath, type Place } from './paths.ts';

export type Crumb = {
  readonly text: string;
  /** What stands before it: `/`, `:`, `@`. */
  readonly joint: string;
  /** Absent: a path segment that is only a folder. */
  readonly path?: string;
};

type CrumbRegistry = { readonly id: string; readonly host: string };

/** The address shown as segments; `text` of all, with joints, is the reference itself but for a shortened digest. */
export function crumbsOf(place: Place, registries: readonly CrumbRegistry[]): readonly Crumb[] {
  if (!('registryId' in place)) return [];
  const host = registries.find(({ id }) => id === place.registryId)?.host ?? place.registryId;
  const registry: Crumb = { text: host, joint: '', path: registryPath(place.registryId) };
  if (place.kind === 'registry') return [registry];
  const segments = place.repository.split('/');
  const names = segments.map((text, index): Crumb =>
    index === segments.length - 1 ? { text, joint: '/', path: repositoryPath(place) } : { text, joint: '/' },
  );
  if (place.kind === 'repository') return [registry, ...names];
  const { reference } = place;
  const text = isDigest(reference) ? `${digestAlgorithm(reference)}:${shortDigest(reference)}` : reference;
  const { registryId, repository } = place;
  const last: Crumb = {
    text,
    joint: isDigest(reference) ? '@' : ':',
    path: imagePath({ registryId, repository, reference }),
  };
  return [registry, ...names, last];
}

/** The whole reference of an address, as one would paste it; empty for pages that are not in a registry. */
export function referenceText(place: Place, registries: readonly CrumbRegistry[]): string {
  if (!('registryId' in place)) return '';
  const host = registries.find(({ id }) => id === place.registryId)?.host ?? place.registryId;
  if (place.kind === 'registry') return host;
  if (place.kind === 'repository') return `${host}/${place.repository}`;
  return `${host}/${place.repository}${isDigest(place.reference) ? '@' : ':'}${place.reference}`;
}
