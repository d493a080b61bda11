import type { AppError } from '#shared/api/app-error.ts';
import type { FileRow } from '#shared/api/file-rows.ts';

/** Rows of a listing are read so many at a time. */
export const FILE_PAGE = 500;

/** What is known of one directory, or of one list of results. A page that is missing was not asked for, or is on its way. */
export type FileListing = {
  /** Absent until the first page is there. */
  readonly totalCount?: number | undefined;
  readonly pages: ReadonlyMap<number, readonly FileRow[]>;
  readonly error?: AppError | undefined;
  /** It was given up before its first page was there. */
  readonly isStopped?: boolean | undefined;
};

/** One line of the table. `directory` is the listing it stands in. */
export type FileLine = { readonly key: string; readonly directory: string; readonly level: number } & (
  | {
      readonly kind: 'entry';
      readonly row: FileRow;
      readonly position: number;
      readonly siblings: number;
      /** Of directories only. */
      readonly isOpen?: boolean;
    }
  | { readonly kind: 'pending'; readonly page: number; readonly isStopped: boolean }
  | { readonly kind: 'error'; readonly error: AppError }
  | { readonly kind: 'empty' }
);

/** Lines by number, without an array of them: a directory may have a hundred thousand. */
export type FileTree = {
  readonly length: number;
  lineAt(index: number): FileLine | undefined;
  /** Where a path stands; undefined while it is not loaded or lies in a closed directory. */
  indexOf(path: string): number | undefined;
};

type OpenChild = { readonly position: number; readonly node: Node };
type Node = {
  readonly path: string;
  readonly level: number;
  readonly listing: FileListing;
  /** Lines of its own: its entries, or the one line that stands for them. */
  readonly ownCount: number;
  readonly open: readonly OpenChild[];
  /** With everything below it. */
  readonly count: number;
};

const UNKNOWN: FileListing = { pages: new Map() };

/** Lays out the open directories below `root`; with nothing open it is a flat list. */
export function layOutFiles(
  root: string,
  listings: ReadonlyMap<string, FileListing>,
  expanded: ReadonlySet<string>,
): FileTree {
  const node = layOut(root, 1, listings, expanded);
  return {
    length: node.count,
    lineAt: (index) => (index < 0 || index >= node.count ? undefined : lineIn(node, index, expanded)),
    indexOf: (path) => indexIn(node, path),
  };
}

function layOut(
  path: string,
  level: number,
  listings: ReadonlyMap<string, FileListing>,
  expanded: ReadonlySet<string>,
): Node {
  const listing = listings.get(path) ?? UNKNOWN;
  // One line says that there is nothing, that it is being read, or why it is not there.
  const ownCount = listing.error === undefined ? Math.max(1, listing.totalCount ?? 1) : 1;
  const open =
    listing.error === undefined
      ? openRows(listing, expanded).map(({ row, position }) => ({
          position,
          node: layOut(row.path, level + 1, listings, expanded),
        }))
      : [];
  return { path, level, listing, ownCount, open, count: open.reduce((sum, { node }) => sum + node.count, ownCount) };
}

/** In order of position, since lines are found by walking them. */
function openRows(listing: FileListing, expanded: ReadonlySet<string>) {
  if (expanded.size === 0) return [];
  return [...listing.pages]
    .sort(([a], [b]) => a - b)
    .flatMap(([page, rows]) =>
      rows.flatMap((row, index) =>
        isOpenable(row) && expanded.has(row.path) ? [{ row, position: page * FILE_PAGE + index }] : [],
      ),
    );
}

/** A directory that has anything in it. */
export function isOpenable(row: FileRow): boolean {
  return row.type === 'directory' && row.childCount !== 0;
}

function lineIn(node: Node, index: number, expanded: ReadonlySet<string>): FileLine | undefined {
  let before = 0;
  for (const child of node.open) {
    const at = child.position + 1 + before;
    if (index < at) break;
    if (index < at + child.node.count) return lineIn(child.node, index - at, expanded);
    before += child.node.count;
  }
  return ownLine(node, index - before, expanded);
}

/** The one line there is, where it stands for the whole of the root: nothing there, on its way, or why not. */
export function aloneLine(tree: FileTree): Exclude<FileLine, { readonly kind: 'entry' }> | undefined {
  const only = tree.length === 1 ? tree.lineAt(0) : undefined;
  return only?.kind === 'entry' ? undefined : only;
}

function ownLine({ path, level, listing }: Node, position: number, expanded: ReadonlySet<string>): FileLine {
  const common = { directory: path, level };
  if (listing.error !== undefined)
    return { ...common, key: `${path}/\u0000error`, kind: 'error', error: listing.error };
  if (listing.totalCount === 0) return { ...common, key: `${path}/\u0000empty`, kind: 'empty' };
  const page = Math.floor(position / FILE_PAGE);
  const row = listing.pages.get(page)?.[position % FILE_PAGE];
  if (row === undefined) {
    const { isStopped = false } = listing;
    return { ...common, key: `${path}/\u0000${position}`, kind: 'pending', page, isStopped };
  }
  const siblings = listing.totalCount ?? 1;
  const entry = {
    ...common,
    key: `${path}/\u0000${position}/${row.path}`,
    kind: 'entry',
    row,
    position,
    siblings,
  } as const;
  return isOpenable(row) ? { ...entry, isOpen: expanded.has(row.path) } : entry;
}

function indexIn(node: Node, path: string): number | undefined {
  let before = 0;
  for (const child of node.open) {
    if (path.startsWith(`${child.node.path}/`)) {
      const inside = indexIn(child.node, path);
      return inside === undefined ? undefined : child.position + 1 + before + inside;
    }
    before += child.node.count;
  }
  for (const [page, rows] of node.listing.pages) {
    const index = rows.findIndex((row) => row.path === path);
    if (index !== -1) {
      const position = page * FILE_PAGE + index;
      return node.open.reduce((at, child) => (child.position < position ? at + child.node.count : at), position);
    }
  }
  return undefined;
}

/** The directory a path lies in; `''` is the root. */
export function parentPath(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** Every directory above a path, the root not among them, the nearest last. */
export function ancestorsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

export type FileMove =
  | { readonly kind: 'focus'; readonly index: number }
  | { readonly kind: 'toggle'; readonly path: string }
  | { readonly kind: 'none' };

/** What the right and left arrow do. Spec: WAI-ARIA APG, "Treegrid Pattern". */
export function sideMove(tree: FileTree, index: number, key: 'ArrowRight' | 'ArrowLeft'): FileMove {
  const line = tree.lineAt(index);
  if (line === undefined) return { kind: 'none' };
  const isOpen = line.kind === 'entry' ? line.isOpen : undefined;
  if (key === 'ArrowRight') {
    if (isOpen === undefined || line.kind !== 'entry') return { kind: 'none' };
    return isOpen ? { kind: 'focus', index: index + 1 } : { kind: 'toggle', path: line.row.path };
  }
  if (isOpen === true && line.kind === 'entry') return { kind: 'toggle', path: line.row.path };
  const parent = line.directory === '' ? undefined : tree.indexOf(line.directory);
  return parent === undefined ? { kind: 'none' } : { kind: 'focus', index: parent };
}
