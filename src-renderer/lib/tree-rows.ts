import type { AppError } from '#shared/api/app-error.ts';

/** A list that comes in pages, as far as it has come. */
export type Listing = {
  readonly status: 'loading' | 'ready' | 'error';
  /** The names as they came; pages may overlap. */
  readonly pages: readonly (readonly string[])[];
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Of the first page, or of the next one when names are there. */
  readonly error?: AppError | undefined;
  /** Entries the registry sent that are no names. */
  readonly droppedCount: number;
};

export type TreeRegistry = { readonly id: string; readonly label: string; readonly kind: 'local' | 'remote' };
export type TreePin = { readonly registryId: string; readonly repository: string };

export type TreeInput = {
  readonly registries: readonly TreeRegistry[];
  readonly pins: readonly TreePin[];
  readonly expanded: ReadonlySet<string>;
  /** By registry id, for open registries. */
  readonly repositories: ReadonlyMap<string, Listing>;
  /** By `repositoryKey`, for open repositories. */
  readonly tags: ReadonlyMap<string, Listing>;
  readonly filter: string;
};

type RowBase = {
  readonly id: string;
  /** From 1, as `aria-level`. */
  readonly level: number;
  readonly parentId: string | undefined;
  readonly posInSet: number;
  readonly setSize: number;
};
type Openable = { readonly open: boolean };
type InRepository = { readonly registryId: string; readonly repository: string };

export type TreeRow = RowBase &
  (
    | ({ readonly kind: 'favourites' } & Openable)
    | ({ readonly kind: 'registry'; readonly registry: TreeRegistry } & Openable)
    | ({ readonly kind: 'folder'; readonly registryId: string; readonly name: string } & Openable)
    | ({ readonly kind: 'repository'; readonly name: string; readonly pinned: boolean } & InRepository & Openable)
    | ({ readonly kind: 'tag'; readonly tag: string } & InRepository)
    | { readonly kind: 'loading'; readonly of: ListingOwner }
    | { readonly kind: 'empty'; readonly of: ListingOwner; readonly droppedCount: number }
    | { readonly kind: 'error'; readonly of: ListingOwner; readonly error: AppError }
    | { readonly kind: 'no-catalog'; readonly of: ListingOwner }
    | { readonly kind: 'more'; readonly of: ListingOwner; readonly loaded: number; readonly loading: boolean }
  );

/** Whose list a status row is about. */
export type ListingOwner = { readonly registryId: string; readonly repository?: string };

/** A row before its place among its siblings is known. */
export type RowDraft = TreeRow extends infer R ? (R extends TreeRow ? Omit<R, 'posInSet' | 'setSize'> : never) : never;

export const FAVOURITES_ID = 'favourites';

export function registryRowId(registryId: string): string {
  return `registry ${registryId}`;
}

export function folderRowId(registryId: string, path: string): string {
  return `folder ${registryId} ${path}`;
}

/** The same repository is another row among the favourites. */
export function repositoryRowId(place: InRepository, isFavourite: boolean): string {
  return `${isFavourite ? 'favourite' : 'repository'} ${place.registryId} ${place.repository}`;
}

export function tagRowId(repositoryRow: string, tag: string): string {
  return `${repositoryRow} ${tag}`;
}

export function repositoryKey({ registryId, repository }: InRepository): string {
  return `${registryId} ${repository}`;
}

/** Rows that open to show others. */
export function isOpenable(row: TreeRow): row is Extract<TreeRow, { readonly open: boolean }> {
  return 'open' in row;
}

/** The repository of a row id made by `repositoryRowId`; undefined for other rows. */
export function parseRepositoryRowId(id: string): InRepository | undefined {
  const [kind, registryId, repository, ...rest] = id.split(' ');
  if (kind !== 'favourite' && kind !== 'repository') return undefined;
  if (registryId === undefined || repository === undefined || rest.length > 0) return undefined;
  return { registryId, repository };
}
