import type { EntryType } from '../layer-entry.ts';
import { changeAt, type ChangeCounts, IMPLIED, topOf, type View, visibleAt } from '../overlay/view.ts';
import { differenceOf, type EntryDifference, isChange } from '../overlay/difference.ts';
import type { HidingHow } from '../overlay/entry-table.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE } from '../overlay/path-tree.ts';

// The contract has the same shapes as schemas (`src-shared/api/files.ts`), which the engine may not import.

export type FileType = Exclude<EntryType, 'opaque'>;

export type FileNote = 'sparse' | 'opaque' | 'escaping-link' | 'broken-hard-link' | 'unsafe-name';

/** What hid an entry, and where that stands. */
export type HidingView = { readonly layer: number; readonly how: HidingHow; readonly path: string };

export type EntryView = {
  readonly path: string;
  readonly name: string;
  readonly type: FileType;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly userName?: string;
  readonly groupName?: string;
  readonly modifiedSeconds: number;
  readonly linkTarget?: string;
  readonly device?: string;
  /** Absent for a directory that no layer has an entry for. */
  readonly layer?: number;
  readonly state: 'present' | 'hidden';
  readonly hiddenBy?: HidingView;
  readonly notes: FileNote[];
};

export type FileChange = {
  readonly status: 'added' | 'removed' | 'changed' | 'unchanged';
  readonly content?: EntryDifference['content'];
  readonly metadata: EntryDifference['metadata'][number][];
  readonly previousSizeBytes?: number;
  readonly previousType?: FileType;
};

/** One row of a directory or a list of results. */
export type FileRow = EntryView & {
  readonly childCount?: number;
  readonly fileCount?: number;
  readonly versionCount: number;
  readonly change?: FileChange;
  readonly changesBelow?: ChangeCounts;
};

/** The type a person sees. A marker of its own kind stands for a directory. */
export function shownType({ entries }: LayerStack, id: number): FileType {
  const type = id === IMPLIED ? 'directory' : entries.typeOf(id);
  return type === 'opaque' ? 'directory' : type;
}

/** Whether the view has a directory there. */
export function isDirectoryIn(view: View, node: number): boolean {
  return shownType(view.stack, view.entryOf(node)) === 'directory';
}

/** What the view shows as the size of a node: of a directory everything below it. */
export function shownSize(view: View, node: number): number {
  return isDirectoryIn(view, node) ? view.sizeBelow(node) : view.stack.entries.sizeOf(view.entryOf(node));
}

/** An entry of a stack at its node, as seen after `top`; a directory's own size is 0. */
export function toEntryView(stack: LayerStack, id: number, top: number): EntryView {
  const { entries, tree } = stack;
  const node = entries.nodeOf(id);
  const inode = entries.inodeOf(id);
  const [userName, groupName] = entries.ownerNamesOf(inode);
  const linkTarget = entries.linkOf(id);
  const device = entries.deviceOf(inode);
  return {
    path: tree.pathOf(node),
    name: tree.nameOf(node),
    type: shownType(stack, id),
    sizeBytes: entries.sizeOf(id),
    mode: entries.modeOf(inode),
    uid: entries.uidOf(inode),
    gid: entries.gidOf(inode),
    ...(userName === undefined ? {} : { userName }),
    ...(groupName === undefined ? {} : { groupName }),
    modifiedSeconds: entries.modifiedOf(inode),
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(device === undefined ? {} : { device }),
    ...(entries.hasFlag(id, 'implied') ? {} : { layer: entries.layerOf(id) }),
    ...hidingOf(stack, id, top),
    notes: notesOf(stack, id),
  };
}

/** Markers hide and are not hidden. */
function hidingOf({ entries, tree }: LayerStack, id: number, top: number): Pick<EntryView, 'state' | 'hiddenBy'> {
  const hiding = entries.isMarker(id) ? undefined : entries.hidingOf(id);
  if (hiding === undefined || hiding.layer > top) return { state: 'present' };
  const { layer, how, node } = hiding;
  return { state: 'hidden', hiddenBy: { layer, how, path: tree.pathOf(node) } };
}

function notesOf({ entries, isOpaqueIn }: LayerStack, id: number): FileNote[] {
  const notes: FileNote[] = [];
  if (entries.hasFlag(entries.inodeOf(id), 'sparse')) notes.push('sparse');
  if (isOpaqueIn(entries.nodeOf(id), entries.layerOf(id))) notes.push('opaque');
  if (entries.hasFlag(id, 'escapingLink')) notes.push('escaping-link');
  if (entries.typeOf(id) === 'hardlink' && entries.contentOf(id) === NONE) notes.push('broken-hard-link');
  if (entries.hasFlag(id, 'unsafeName')) notes.push('unsafe-name');
  return notes;
}

/** A directory that is there only for what is in it. */
function impliedEntry({ stack, choice }: View, node: number): EntryView {
  const isOpaque = choice.kind === 'layer' && stack.isOpaqueIn(node, choice.layer);
  return {
    path: stack.tree.pathOf(node),
    name: stack.tree.nameOf(node),
    type: 'directory',
    sizeBytes: 0,
    mode: 0o755,
    uid: 0,
    gid: 0,
    modifiedSeconds: 0,
    state: 'present',
    notes: isOpaque ? ['opaque'] : [],
  };
}

/** What is shown at a node of a view, which must show something there. */
export function toRow(view: View, node: number): FileRow {
  const { stack, choice } = view;
  const id = view.entryOf(node);
  // A layer's own listing says what became of each entry in the finished image.
  const top = choice.kind === 'layer' ? stack.layers.length - 1 : topOf(stack, choice);
  const entry = id === IMPLIED ? impliedEntry(view, node) : toEntryView(stack, id, top);
  const isDirectory = entry.type === 'directory';
  return {
    ...entry,
    sizeBytes: shownSize(view, node),
    ...(isDirectory ? { childCount: view.childCountOf(node), fileCount: view.filesBelow(node) } : {}),
    versionCount: stack.versionCountOf(node),
    ...(choice.kind === 'changes' ? { change: toChange(stack, node, choice.layer) } : {}),
    ...(choice.kind === 'changes' && isDirectory ? { changesBelow: view.changesBelow(node) } : {}),
  };
}

function toChange(stack: LayerStack, node: number, layer: number): FileChange {
  const { entries } = stack;
  const change = changeAt(stack, node, layer);
  if (change === undefined) return { status: 'unchanged', metadata: [] };
  const { before, after } = change;
  if (before === NONE) return { status: 'added', metadata: [] };
  const previous = { previousSizeBytes: entries.sizeOf(before), previousType: shownType(stack, before) };
  if (after === NONE) return { status: 'removed', metadata: [], ...previous };
  const difference = differenceOf(entries, before, after);
  const status = isChange(difference, entries.isDirectory(after)) ? 'changed' : 'unchanged';
  const { content, metadata } = difference;
  return { status, ...(content === undefined ? {} : { content }), metadata: [...metadata], ...previous };
}

/** The entry at the node in the finished image, for saying what is there now. */
export function survivorAt(stack: LayerStack, node: number): number {
  return visibleAt(stack, node, stack.layers.length - 1);
}
