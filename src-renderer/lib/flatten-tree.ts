import { sortNatural } from './natural-order.ts';
import { pathTree, type PathNode } from './path-tree.ts';
import {
  FAVOURITES_ID,
  folderRowId,
  registryRowId,
  repositoryKey,
  repositoryRowId,
  tagRowId,
  type Listing,
  type ListingOwner,
  type RowDraft,
  type TreeInput,
  type TreePin,
  type TreeRegistry,
  type TreeRow,
} from './tree-rows.ts';

type Context = {
  readonly input: TreeInput;
  readonly filter: string;
  readonly pinned: ReadonlySet<string>;
};
type Place = { readonly level: number; readonly parentId: string | undefined };
/** A row with all that is shown below it. */
type Branch = { readonly row: RowDraft; readonly below: readonly Branch[] };

const isUnsupportedCatalog = (listing: Listing) =>
  listing.error?.kind === 'unsupported' && listing.error.feature === 'catalog';

function leaf(row: RowDraft): Branch {
  return { row, below: [] };
}

function errorRow(listing: Listing, of: ListingOwner, place: Place): RowDraft | undefined {
  const id = `${place.parentId ?? ''} status`;
  if (listing.error === undefined || listing.error.kind === 'cancelled') return undefined;
  if (isUnsupportedCatalog(listing)) return { kind: 'no-catalog', id, of, ...place };
  return { kind: 'error', id, of, error: listing.error, ...place };
}

/** The row under a list that says how far it has come, if there is something to say. */
function statusRow(listing: Listing | undefined, of: ListingOwner, shown: number, place: Place): RowDraft | undefined {
  const id = `${place.parentId ?? ''} status`;
  if (listing === undefined || listing.status === 'loading') return { kind: 'loading', id, of, ...place };
  const failed = errorRow(listing, of, place);
  if (failed !== undefined) return failed;
  const loaded = listing.names.length;
  if (listing.hasMore) return { kind: 'more', id, of, loaded, loading: listing.loadingMore, ...place };
  if (loaded === 0 && shown === 0) return { kind: 'empty', id, of, droppedCount: listing.droppedCount, ...place };
  return undefined;
}

function withStatus(branches: readonly Branch[], status: RowDraft | undefined): readonly Branch[] {
  return status === undefined ? branches : [...branches, leaf(status)];
}

const sortedTags = new WeakMap<readonly string[], readonly string[]>();

function inOrder(tags: readonly string[]): readonly string[] {
  const sorted = sortedTags.get(tags) ?? sortNatural(tags);
  sortedTags.set(tags, sorted);
  return sorted;
}

function tagBranches(context: Context, owner: TreePin, rowId: string, level: number): readonly Branch[] {
  const listing = context.input.tags.get(repositoryKey(owner));
  const place: Place = { level, parentId: rowId };
  const tags = inOrder(listing?.names ?? []).map((tag) =>
    leaf({
      kind: 'tag',
      id: tagRowId(rowId, tag),
      tag,
      registryId: owner.registryId,
      repository: owner.repository,
      ...place,
    }),
  );
  return withStatus(tags, statusRow(listing, owner, tags.length, place));
}

function repositoryBranch(context: Context, pin: TreePin, name: string, place: Place, isFavourite: boolean): Branch {
  const id = repositoryRowId(pin, isFavourite);
  const open = context.input.expanded.has(id);
  const { registryId, repository } = pin;
  const pinned = context.pinned.has(repositoryKey(pin));
  return {
    row: { kind: 'repository', id, registryId, repository, name, pinned, open, ...place },
    below: open ? tagBranches(context, { registryId, repository }, id, place.level + 1) : [],
  };
}

function nodeBranch(context: Context, registryId: string, node: PathNode, place: Place): Branch | undefined {
  if (node.kind === 'repository') {
    if (!node.repository.includes(context.filter)) return undefined;
    return repositoryBranch(context, { registryId, repository: node.repository }, node.name, place, false);
  }
  const id = folderRowId(registryId, node.path);
  const row = { kind: 'folder', id, registryId, name: node.name, ...place } as const;
  const isFiltering = context.filter !== '';
  if (!isFiltering && !context.input.expanded.has(id)) return leaf({ ...row, open: false });
  const below = nodeBranches(context, registryId, node.children, { level: place.level + 1, parentId: id });
  return isFiltering && below.length === 0 ? undefined : { row: { ...row, open: true }, below };
}

function nodeBranches(
  context: Context,
  registryId: string,
  nodes: readonly PathNode[],
  place: Place,
): readonly Branch[] {
  return nodes.flatMap((node) => nodeBranch(context, registryId, node, place) ?? []);
}

const unions = new WeakMap<readonly string[], { readonly pins: string; readonly names: readonly string[] }>();
const NONE: readonly string[] = [];

/** The catalog and what is pinned in this registry: without a catalog the pins are all there is. */
function namesOf(context: Context, registryId: string): readonly string[] {
  const listed = context.input.repositories.get(registryId)?.names ?? NONE;
  const pins = context.input.pins.filter((pin) => pin.registryId === registryId).map((pin) => pin.repository);
  const key = `${registryId} ${pins.join(' ')}`;
  const cached = unions.get(listed);
  if (cached?.pins === key) return cached.names;
  const names = pins.length === 0 ? listed : [...new Set([...listed, ...pins])];
  unions.set(listed, { pins: key, names });
  return names;
}

function registryBranch(context: Context, registry: TreeRegistry): Branch | undefined {
  const id = registryRowId(registry.id);
  const isOpen = context.input.expanded.has(id);
  const row = { kind: 'registry', id, registry, level: 1, parentId: undefined } as const;
  if (!isOpen)
    return context.filter === '' || registry.label.includes(context.filter) ? leaf({ ...row, open: false }) : undefined;
  const place: Place = { level: 2, parentId: id };
  const nodes = nodeBranches(context, registry.id, pathTree(namesOf(context, registry.id)), place);
  const status = statusRow(
    context.input.repositories.get(registry.id),
    { registryId: registry.id },
    nodes.length,
    place,
  );
  if (context.filter !== '' && nodes.length === 0 && status?.kind !== 'more') return undefined;
  return { row: { ...row, open: true }, below: withStatus(nodes, status) };
}

function favouritesBranch(context: Context): Branch | undefined {
  const { pins, expanded, registries } = context.input;
  const known = new Set(registries.map(({ id }) => id));
  const shown = pins.filter((pin) => known.has(pin.registryId) && pin.repository.includes(context.filter));
  if (shown.length === 0) return undefined;
  // Open unless it was closed: the set holds the exception.
  const open = !expanded.has(FAVOURITES_ID) || context.filter !== '';
  const place: Place = { level: 2, parentId: FAVOURITES_ID };
  return {
    row: { kind: 'favourites', id: FAVOURITES_ID, open, level: 1, parentId: undefined },
    below: open ? shown.map((pin) => repositoryBranch(context, pin, pin.repository, place, true)) : [],
  };
}

function pour(branches: readonly Branch[], into: TreeRow[]): void {
  branches.forEach(({ row, below }, index) => {
    into.push({ ...row, posInSet: index + 1, setSize: branches.length });
    pour(below, into);
  });
}

/** Every row there is to see, top to bottom. Pure: the same input gives the same rows, and rows keep their ids. */
export function flattenTree(input: TreeInput): readonly TreeRow[] {
  const pinned = new Set(input.pins.map(repositoryKey));
  const context: Context = { input, filter: input.filter.trim().toLowerCase(), pinned };
  const favourites = favouritesBranch(context);
  const registries = input.registries.flatMap((registry) => registryBranch(context, registry) ?? []);
  const rows: TreeRow[] = [];
  pour(favourites === undefined ? registries : [favourites, ...registries], rows);
  return rows;
}
