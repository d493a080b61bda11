import { NONE } from '../overlay/path-tree.ts';
import { createSlices } from '../../slices.ts';
import { topOf, type View, visibleAt } from '../overlay/view.ts';
import { followPath, nodeAt } from './follow-path.ts';
import { type EntryView, type FileRow, toEntryView, toRow } from './rows.ts';

const MAX_VERSIONS = 1000;
const MAX_LINKS = 100;

/** Everything about one path. */
export type FileStat = {
  readonly row: FileRow;
  /** Of all layers, the newest first, markers included; at most 1,000. */
  readonly versions: EntryView[];
  /** Where a symbolic link leads in the end. */
  readonly resolvedPath?: string;
  readonly linkProblem?: 'broken' | 'too-many-links';
  /** Other names of the same content, at most 100. */
  readonly hardLinks: string[];
  readonly xattrs: [name: string, value: string][];
};

/** What is at a path, its last link not followed. @throws {FilesError} as `nodeAt` */
export async function statPath(view: View, path: string, signal?: AbortSignal): Promise<FileStat> {
  const { stack } = view;
  const node = nodeAt(view, path, 'keep');
  const top = topOf(stack, view.choice);
  const versions: EntryView[] = [];
  for (
    let id = stack.latestOf(node);
    id !== NONE && versions.length < MAX_VERSIONS;
    id = stack.entries.previousOf(id)
  ) {
    const isShown = stack.entries.typeOf(id) !== 'opaque' && !stack.entries.hasFlag(id, 'implied');
    if (isShown) versions.push(toEntryView(stack, id, top));
  }
  const row = toRow(view, node);
  return {
    row,
    versions,
    ...(row.type === 'symlink' ? leadsTo(view, path) : {}),
    hardLinks: await otherNames(view, node, signal),
    xattrs: xattrsOf(view, node),
  };
}

function leadsTo(view: View, path: string): Pick<FileStat, 'resolvedPath' | 'linkProblem'> {
  const followed = followPath(view, path, 'follow');
  if (followed.kind === 'found') return { resolvedPath: view.stack.tree.pathOf(followed.node) };
  return { linkProblem: followed.kind === 'too-many-links' ? 'too-many-links' : 'broken' };
}

async function otherNames(view: View, node: number, signal: AbortSignal | undefined): Promise<string[]> {
  const { entries, tree } = view.stack;
  const shown = view.entryOf(node);
  const content = shown < 0 ? NONE : entries.contentOf(shown);
  const names: string[] = [];
  if (content === NONE || entries.typeOf(content) !== 'file') return names;
  const top = topOf(view.stack, view.choice);
  await createSlices(signal).each(entries.size, (id) => {
    const isName = entries.contentOf(id) === content && entries.nodeOf(id) !== node && names.length < MAX_LINKS;
    if (isName && visibleAt(view.stack, entries.nodeOf(id), top) === id) names.push(tree.pathOf(entries.nodeOf(id)));
  });
  return names;
}

/** They are kept nowhere but in the layer's own index. */
function xattrsOf({ stack, entryOf }: View, node: number): [name: string, value: string][] {
  const shown = entryOf(node);
  if (shown < 0) return [];
  const id = stack.entries.inodeOf(shown);
  const index = stack.layers[stack.entries.layerOf(id)];
  const entry = index?.find(readerPathOf(stack, id));
  return entry?.order === stack.entries.orderOf(id) ? (entry.xattrs ?? []).map(([name, value]) => [name, value]) : [];
}

/** Where the layer's own index has an entry. */
export function readerPathOf({ entries, tree }: View['stack'], id: number): string {
  return entries.writtenPathOf(id) ?? tree.pathOf(entries.nodeOf(id));
}
