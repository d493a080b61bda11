import { isDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { assertNever } from './assert-never.ts';
import { describeSources, knownSize, type CopySource } from './copy-sources.ts';
import { formatBytes } from './format-bytes.ts';
import { previewName, sourceFacts, type NamePatterns } from './name-pattern.ts';
import type { RepositoryPlace } from './paths.ts';
import type { TreeRow } from './tree-rows.ts';

/** Where a copy may be put: a registry, a path in it, or one repository. */
export type DropPlace = { readonly registryId: string } & (
  | { readonly kind: 'registry' }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'repository'; readonly repository: string }
);

/** The path of a folder's row, which only its id holds. */
function folderPath(id: string, registryId: string): string {
  return id.slice(`folder ${registryId} `.length);
}

/** What dropping on a row of the tree means; a tag stands for its repository. */
export function placeOfRow(row: TreeRow): DropPlace | undefined {
  switch (row.kind) {
    case 'registry':
      return { kind: 'registry', registryId: row.registry.id };
    case 'folder':
      return { kind: 'folder', registryId: row.registryId, path: folderPath(row.id, row.registryId) };
    case 'repository':
    case 'tag':
      return { kind: 'repository', registryId: row.registryId, repository: row.repository };
    case 'favourites':
    case 'loading':
    case 'empty':
    case 'error':
    case 'no-catalog':
    case 'more':
      return undefined;
    default:
      return assertNever(row);
  }
}

/** The repositories of a registry that have been listed, and whether those are all. */
export type LoadedNames = { readonly names: readonly string[]; readonly isWhole: boolean };

/** What a row of the tree can give; folders give the repositories that are loaded below them. */
export function sourcesOfRow(row: TreeRow, loaded: LoadedNames): readonly CopySource[] {
  if (row.kind === 'tag') {
    const { registryId, repository, tag } = row;
    return [{ kind: 'image', registryId, repository, reference: tag }];
  }
  if (row.kind === 'repository') {
    return [{ kind: 'repository', registryId: row.registryId, repository: row.repository }];
  }
  if (row.kind !== 'folder') return [];
  const { registryId } = row;
  const path = folderPath(row.id, registryId);
  const partOf = loaded.isWhole ? undefined : path;
  return loaded.names
    .filter((repository) => repository.startsWith(`${path}/`))
    .map((repository): CopySource => ({ kind: 'repository', registryId, repository, partOf }));
}

/** Two repositories with the same last segment would end in one: then the whole name is kept below the folder. */
function hasNameTwice(sources: readonly CopySource[]): boolean {
  const repositories = new Set(sources.map(({ registryId, repository }) => `${registryId} ${repository}`));
  const names = new Set(
    [...repositories].map((place) => place.slice(Math.max(place.lastIndexOf('/'), place.indexOf(' ')) + 1)),
  );
  return names.size < repositories.size;
}

/** The names that a drop means, before anybody changes them. */
export function patternsFor(sources: readonly CopySource[], place: DropPlace): NamePatterns {
  if (place.kind === 'repository') return { repository: place.repository, tag: '{tag}' };
  if (place.kind === 'registry') return { repository: '{repository}', tag: '{tag}' };
  return { repository: `${place.path}/${hasNameTwice(sources) ? '{repository}' : '{name}'}`, tag: '{tag}' };
}

type HostOf = (registryId: string) => string;

export type DropVerdict =
  | {
      readonly kind: 'copy';
      readonly patterns: NamePatterns;
      /** `ghcr.io/team/app:1.2`; for several, the place they go to. Registry text. */
      readonly destination: string;
      /** All within one registry: blobs are mounted there, and hardly anything is sent. */
      readonly isMount: boolean;
    }
  /** Everything is there already, so a drop would do nothing. */
  | { readonly kind: 'same-place' };

function isSame(source: CopySource, registryId: string, target: RepositoryPlace['repository']): boolean {
  return source.registryId === registryId && source.repository === target;
}

function destinationText(
  sources: readonly CopySource[],
  place: DropPlace,
  patterns: NamePatterns,
  hostOf: HostOf,
): string {
  const host = hostOf(place.registryId);
  const [only] = sources;
  if (only === undefined || sources.length > 1) {
    const path =
      place.kind === 'folder' ? `/${place.path}/` : place.kind === 'repository' ? `/${place.repository}` : '';
    return `${host}${path}`;
  }
  const { repository, tag } = previewName(patterns, sourceFacts(only, hostOf(only.registryId)));
  if (only.kind === 'repository') return `${host}/${repository}`;
  return tag === '' && isDigest(only.reference)
    ? `${host}/${repository}@${only.reference.slice(0, 19)}…`
    : `${host}/${repository}:${tag}`;
}

/** What dropping these things there would do. */
export function judgeDrop(sources: readonly CopySource[], place: DropPlace, hostOf: HostOf): DropVerdict {
  const patterns = patternsFor(sources, place);
  const stays = sources.every((source) => {
    const { repository } = previewName(patterns, sourceFacts(source, hostOf(source.registryId)));
    return isSame(source, place.registryId, repository);
  });
  if (stays) return { kind: 'same-place' };
  return {
    kind: 'copy',
    patterns,
    destination: destinationText(sources, place, patterns, hostOf),
    isMount: sources.every(({ registryId }) => registryId === place.registryId),
  };
}

function sizeText(sources: readonly CopySource[]): string {
  const size = knownSize(sources);
  if (size === undefined) return '';
  return size.isAtLeast ? ` (at least ${formatBytes(size.bytes)})` : ` (${formatBytes(size.bytes)})`;
}

/** What stands beside the pointer while things are dragged; plain text, hidden characters spelled out. */
export function badgeText(sources: readonly CopySource[], verdict: DropVerdict | undefined): string {
  const what = displayText(describeSources(sources));
  if (verdict === undefined) return `${what}${sizeText(sources)}`;
  if (verdict.kind === 'same-place') return `${what} is here already`;
  const destination = displayText(verdict.destination);
  const many = sources.length > 1 ? ` ${what}` : '';
  if (verdict.isMount) return `copy${many} to ${destination}, mounted: nothing to send`;
  return `copy${many} to ${destination}${sizeText(sources)}`;
}

/** The same for archives dragged in from the desktop, whose names are not known before they are dropped. */
export function archiveBadgeText(place: DropPlace, host: string): string {
  const path = place.kind === 'folder' ? `/${place.path}` : place.kind === 'repository' ? `/${place.repository}` : '';
  return `push to ${displayText(`${host}${path}`)}`;
}
