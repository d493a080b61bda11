import type { Place, RepositoryPlace } from './paths.ts';
import {
  FAVOURITES_ID,
  folderRowId,
  registryRowId,
  repositoryKey,
  repositoryRowId,
  tagRowId,
  type TreePin,
  type TreeRow,
} from './tree-rows.ts';

/** Which of the two rows of a pinned repository is meant, as far as there are two. */
export type Shelf = 'registry' | 'favourites';

/** Paths of the folders a repository lies in, the outermost first. */
function foldersOf(repository: string): readonly string[] {
  const segments = repository.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

function rowIdsOf(place: RepositoryPlace, reference: string | undefined, shelf: Shelf): readonly string[] {
  const row = repositoryRowId(place, shelf === 'favourites');
  return reference === undefined ? [row] : [tagRowId(row, reference), row];
}

/** Ids of the rows that show the repository of a place or its tag; empty for places that are in no repository. */
function exactIds(place: Place, shelf: Shelf): readonly string[] {
  if (place.kind !== 'repository' && place.kind !== 'image') return [];
  const reference = place.kind === 'image' ? place.reference : undefined;
  const other = shelf === 'registry' ? 'favourites' : 'registry';
  return [...rowIdsOf(place, reference, shelf), ...rowIdsOf(place, reference, other)];
}

/** What stands for a repository that has no row: the closed folder it would be in, else its registry. */
function standInIds(rows: readonly TreeRow[], place: Place): readonly string[] {
  if (!('registryId' in place)) return [];
  const registry = registryRowId(place.registryId);
  if (place.kind === 'registry') return [registry];
  const folders = foldersOf(place.repository).map((path) => folderRowId(place.registryId, path));
  const isClosed = (id: string) => rows.some((row) => row.kind === 'folder' && !row.open && row.id === id);
  return [...folders.filter(isClosed), registry];
}

export type CurrentRow = {
  readonly id: string;
  /** It shows the very thing; false for what stands for it. */
  readonly exact: boolean;
};

/** The row of the page shown, or the nearest one above it that is there. */
export function currentRow(rows: readonly TreeRow[], place: Place, shelf: Shelf): CurrentRow | undefined {
  const exact = exactIds(place, shelf).find((id) => rows.some((row) => row.id === id));
  if (exact !== undefined) return { id: exact, exact: true };
  const id = standInIds(rows, place).find((candidate) => rows.some((row) => row.id === candidate));
  return id === undefined ? undefined : { id, exact: place.kind === 'registry' };
}

/** Names the thing the tree goes to: it goes there once, however often the page itself changes. */
export function revealKey(place: Place): string | undefined {
  if (!('registryId' in place)) return undefined;
  if (place.kind === 'registry') return place.registryId;
  return place.kind === 'repository' ? repositoryKey(place) : `${repositoryKey(place)} ${place.reference}`;
}

type RevealInput = {
  readonly place: Place;
  readonly pins: readonly TreePin[];
  readonly expanded: ReadonlySet<string>;
  readonly focusedId: string | undefined;
};

/** Where to show a place, and which rows to open for it. A pin is enough: its registry need not be asked. */
export function revealIn({ place, pins, expanded, focusedId }: RevealInput): {
  readonly shelf: Shelf;
  readonly open: readonly string[];
} {
  if (!('registryId' in place)) return { shelf: 'registry', open: [] };
  const registry = registryRowId(place.registryId);
  if (place.kind === 'registry') return { shelf: 'registry', open: [registry] };
  const key = repositoryKey(place);
  const isPinned = pins.some((pin) => repositoryKey(pin) === key) && !expanded.has(FAVOURITES_ID);
  const cameFromPin = focusedId !== undefined && rowIdsOf(place, referenceOf(place), 'favourites').includes(focusedId);
  if (isPinned && (cameFromPin || !expanded.has(registry))) return { shelf: 'favourites', open: [] };
  const folders = foldersOf(place.repository).map((path) => folderRowId(place.registryId, path));
  return { shelf: 'registry', open: [registry, ...folders] };
}

function referenceOf(place: Place): string | undefined {
  return place.kind === 'image' ? place.reference : undefined;
}
