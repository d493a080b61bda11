import { movedIndex } from './grid-keys.ts';
import { plainKeyOf } from './shortcuts.ts';
import { isOpenable, type TreeRow } from './tree-rows.ts';

/** What a key does in a tree. Spec: WAI-ARIA APG, "Tree View Pattern". */
export type TreeMove =
  | { readonly kind: 'focus'; readonly index: number }
  | { readonly kind: 'open'; readonly ids: readonly string[] }
  | { readonly kind: 'close'; readonly ids: readonly string[] }
  | { readonly kind: 'none' };

const NONE: TreeMove = { kind: 'none' };

function rightOf(rows: readonly TreeRow[], index: number): TreeMove {
  const row = rows[index];
  if (row === undefined || !isOpenable(row)) return NONE;
  if (!row.open) return { kind: 'open', ids: [row.id] };
  return rows[index + 1]?.parentId === row.id ? { kind: 'focus', index: index + 1 } : NONE;
}

function leftOf(rows: readonly TreeRow[], index: number): TreeMove {
  const row = rows[index];
  if (row === undefined) return NONE;
  if (isOpenable(row) && row.open) return { kind: 'close', ids: [row.id] };
  const parent = rows.findIndex((candidate) => candidate.id === row.parentId);
  return parent === -1 ? NONE : { kind: 'focus', index: parent };
}

/** Opens folders beside the row; registries and repositories cost a request each and stay as they are. */
function siblingsOf(rows: readonly TreeRow[], index: number): TreeMove {
  const parentId = rows[index]?.parentId;
  const ids = rows
    .filter((row) => row.parentId === parentId && row.kind === 'folder' && !row.open)
    .map((row) => row.id);
  return ids.length === 0 ? NONE : { kind: 'open', ids };
}

/** The move for a key, or none when the tree has no use for it. `page` is how many rows are in view. */
export function treeMove(rows: readonly TreeRow[], index: number, key: string, page: number): TreeMove {
  const moved = movedIndex(key, index, rows.length, page);
  if (moved !== undefined) return { kind: 'focus', index: moved };
  return SIDEWAYS.get(key)?.(rows, index) ?? NONE;
}

const SIDEWAYS: ReadonlyMap<string, (rows: readonly TreeRow[], index: number) => TreeMove> = new Map([
  [plainKeyOf('unfold'), rightOf],
  [plainKeyOf('fold'), leftOf],
  [plainKeyOf('unfold-siblings'), siblingsOf],
]);

/** The text type-ahead looks at. */
export function rowLabel(row: TreeRow): string {
  if (row.kind === 'favourites') return 'Favourites';
  if (row.kind === 'registry') return row.registry.label;
  if (row.kind === 'folder' || row.kind === 'repository') return row.name;
  return row.kind === 'tag' ? row.tag : '';
}

/** The next row, round the end, whose label begins with what was typed; from the row itself while a word grows. */
export function typeAhead(rows: readonly TreeRow[], index: number, typed: string): number | undefined {
  const start = typed.length === 1 ? index + 1 : index;
  const wanted = typed.toLowerCase();
  for (let step = 0; step < rows.length; step += 1) {
    const at = (Math.max(0, start) + step) % rows.length;
    const row = rows[at];
    if (row !== undefined && rowLabel(row).toLowerCase().startsWith(wanted)) return at;
  }
  return undefined;
}
