import { namesOfPages } from './page-names.ts';
import { pathTree, type PathFolder, type PathNode } from './path-tree.ts';
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
  /** What has been poured out so far: a tree may have 100,000 rows, so each is made once and nothing around it. */
  readonly rows: TreeRow[];
};
type Place = Pick<TreeRow, 'level' | 'parentId'>;
type Seat = Place & Pick<TreeRow, 'posInSet' | 'setSize'>;

const isUnsupportedCatalog = (listing: Listing) =>
  listing.error?.kind === 'unsupported' && listing.error.feature === 'catalog';

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
  if (listing.hasMore) {
    const loaded = namesOfPages(listing.pages).length;
    return { kind: 'more', id, of, loaded, loading: listing.loadingMore, ...place };
  }
  const isEmpty = shown === 0 && listing.pages.every((page) => page.length === 0);
  return isEmpty ? { kind: 'empty', id, of, droppedCount: listing.droppedCount, ...place } : undefined;
}

/** Pours siblings, and after them the row that says how far their list has come. */
function pourList<Item>(
  context: Context,
  items: readonly Item[],
  { status, place }: { readonly status: RowDraft | undefined; readonly place: Place },
  pour: (item: Item, seat: Seat) => void,
): void {
  const setSize = items.length + (status === undefined ? 0 : 1);
  items.forEach((item, index) => {
    pour(item, { ...place, posInSet: index + 1, setSize });
  });
  if (status !== undefined) context.rows.push({ ...status, posInSet: setSize, setSize });
}

function pourTags(context: Context, { registryId, repository }: TreePin, rowId: string, level: number): void {
  const listing = context.input.tags.get(repositoryKey({ registryId, repository }));
  const place: Place = { level, parentId: rowId };
  const tags = namesOfPages(listing?.pages ?? []);
  const status = statusRow(listing, { registryId, repository }, tags.length, place);
  pourList(context, tags, { status, place }, (tag, seat) => {
    context.rows.push({ kind: 'tag', id: tagRowId(rowId, tag), tag, registryId, repository, ...seat });
  });
}

type Shelf = { readonly registryId: string; readonly isFavourite: boolean };

function pourRepository(
  context: Context,
  { registryId, isFavourite }: Shelf,
  { name, repository }: { readonly name: string; readonly repository: string },
  seat: Seat,
): void {
  const place = { registryId, repository };
  const id = repositoryRowId(place, isFavourite);
  const open = context.input.expanded.has(id);
  const pinned = context.pinned.has(repositoryKey(place));
  context.rows.push({ kind: 'repository', id, registryId, repository, name, pinned, open, ...seat });
  if (open) pourTags(context, place, id, seat.level + 1);
}

/** Those that the filter leaves: a folder by what is in it. */
function shownNodes({ filter }: Context, folder: PathFolder): readonly PathNode[] {
  const passes = (repository: string) => repository.includes(filter);
  if (filter === '') return folder.nodes();
  return folder
    .nodes()
    .filter((node) => (node.kind === 'repository' ? passes(node.repository) : node.inside.some(passes)));
}

function pourNode(context: Context, shelf: Shelf, node: PathNode, seat: Seat): void {
  if (node.kind === 'repository') {
    pourRepository(context, shelf, node, seat);
    return;
  }
  const { registryId } = shelf;
  const id = folderRowId(registryId, node.path);
  const open = context.filter !== '' || context.input.expanded.has(id);
  context.rows.push({ kind: 'folder', id, registryId, name: node.name, open, ...seat });
  if (!open) return;
  const place: Place = { level: seat.level + 1, parentId: id };
  pourList(context, shownNodes(context, node.inside), { status: undefined, place }, (inner, innerSeat) => {
    pourNode(context, shelf, inner, innerSeat);
  });
}

const pinsByRegistry = new WeakMap<readonly TreePin[], Map<string, readonly string[]>>();

/** What is pinned in a registry; the same list for the same pins. */
function pinsOf(pins: readonly TreePin[], registryId: string): readonly string[] {
  const known = pinsByRegistry.get(pins) ?? new Map<string, readonly string[]>();
  pinsByRegistry.set(pins, known);
  const found =
    known.get(registryId) ?? pins.filter((pin) => pin.registryId === registryId).map((pin) => pin.repository);
  known.set(registryId, found);
  return found;
}

type RegistryBranch = {
  readonly registry: TreeRegistry;
  readonly open: boolean;
  readonly nodes: readonly PathNode[];
  readonly status: RowDraft | undefined;
};

/** A registry with what is shown below it, unless the filter leaves nothing. */
function registryBranch(context: Context, registry: TreeRegistry): RegistryBranch | undefined {
  const { input, filter } = context;
  const id = registryRowId(registry.id);
  if (!input.expanded.has(id)) {
    const isShown = filter === '' || registry.label.includes(filter);
    return isShown ? { registry, open: false, nodes: [], status: undefined } : undefined;
  }
  const listing = input.repositories.get(registry.id);
  // Without a catalog what is pinned is all there is.
  const nodes = shownNodes(context, pathTree([pinsOf(input.pins, registry.id), ...(listing?.pages ?? [])]));
  const status = statusRow(listing, { registryId: registry.id }, nodes.length, { level: 2, parentId: id });
  if (filter !== '' && nodes.length === 0 && status?.kind !== 'more') return undefined;
  return { registry, open: true, nodes, status };
}

function pourRegistry(context: Context, { registry, open, nodes, status }: RegistryBranch, seat: Seat): void {
  const id = registryRowId(registry.id);
  context.rows.push({ kind: 'registry', id, registry, open, ...seat });
  const shelf: Shelf = { registryId: registry.id, isFavourite: false };
  pourList(context, nodes, { status, place: { level: 2, parentId: id } }, (node, inner) => {
    pourNode(context, shelf, node, inner);
  });
}

function shownPins({ input, filter }: Context): readonly TreePin[] {
  const known = new Set(input.registries.map(({ id }) => id));
  return input.pins.filter((pin) => known.has(pin.registryId) && pin.repository.includes(filter));
}

function pourFavourites(context: Context, pins: readonly TreePin[], seat: Seat): void {
  // Open unless it was closed: the set holds the exception.
  const open = !context.input.expanded.has(FAVOURITES_ID) || context.filter !== '';
  context.rows.push({ kind: 'favourites', id: FAVOURITES_ID, open, ...seat });
  if (!open) return;
  pourList(context, pins, { status: undefined, place: { level: 2, parentId: FAVOURITES_ID } }, (pin, inner) => {
    const { registryId, repository } = pin;
    pourRepository(context, { registryId, isFavourite: true }, { name: repository, repository }, inner);
  });
}

/** Every row there is to see, top to bottom. The same input gives the same rows, and rows keep their ids. */
export function flattenTree(input: TreeInput): readonly TreeRow[] {
  const pinned = new Set(input.pins.map(repositoryKey));
  const rows: TreeRow[] = [];
  const context: Context = { input, filter: input.filter.trim().toLowerCase(), pinned, rows };
  const pins = shownPins(context);
  const registries = input.registries.flatMap((registry) => registryBranch(context, registry) ?? []);
  const tops = [...(pins.length === 0 ? [] : [pins]), ...registries];
  pourList(context, tops, { status: undefined, place: { level: 1, parentId: undefined } }, (top, seat) => {
    if ('registry' in top) pourRegistry(context, top, seat);
    else pourFavourites(context, top, seat);
  });
  return rows;
}
