import type { EntryTable } from './entry-table.ts';
import { NONE } from './path-tree.ts';

/** What besides the content can differ. */
export type MetadataField = 'type' | 'mode' | 'owner' | 'modified' | 'link';

/**
 * How two entries of one path differ. `content` is there for two files: `same` bytes by all that is known (one and the
 * same content, or both empty), `different`, or `unknown` where only the sizes are equal.
 */
export type EntryDifference = {
  readonly content?: 'same' | 'different' | 'unknown';
  readonly metadata: readonly MetadataField[];
};

/** One entry as a comparison needs it, wherever it comes from. */
export type ComparedEntry = {
  readonly type: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedSeconds: number;
  /** Of symbolic links, and of devices their numbers. */
  readonly points: string | undefined;
};

/** An entry of a table with what counts of it: type and metadata of a hard link are those of what it names. */
export function comparedEntry(entries: EntryTable, id: number): ComparedEntry {
  const inode = entries.inodeOf(id);
  return {
    type: entries.typeOf(inode),
    sizeBytes: entries.sizeOf(id),
    mode: entries.modeOf(inode),
    uid: entries.uidOf(inode),
    gid: entries.gidOf(inode),
    modifiedSeconds: entries.modifiedOf(inode),
    points: entries.typeOf(inode) === 'symlink' ? entries.linkOf(inode) : entries.deviceOf(inode),
  };
}

/** Compares two entries; `isSameContent` when both are known to have the very same bytes. */
export function compareEntries(left: ComparedEntry, right: ComparedEntry, isSameContent: boolean): EntryDifference {
  const metadata: MetadataField[] = [];
  if (left.type !== right.type) metadata.push('type');
  // Of links every system shows another mode, and none uses it.
  if (left.mode !== right.mode && right.type !== 'symlink') metadata.push('mode');
  if (left.uid !== right.uid || left.gid !== right.gid) metadata.push('owner');
  if (left.modifiedSeconds !== right.modifiedSeconds) metadata.push('modified');
  if (left.type === right.type && left.points !== right.points) metadata.push('link');
  if (left.type !== 'file' || right.type !== 'file') return { metadata };
  return { content: contentOf(left, right, isSameContent), metadata };
}

function contentOf(left: ComparedEntry, right: ComparedEntry, isSame: boolean): 'same' | 'different' | 'unknown' {
  if (left.sizeBytes !== right.sizeBytes) return 'different';
  return isSame || left.sizeBytes === 0 ? 'same' : 'unknown';
}

/** How an entry differs from an older one of the same stack. */
export function differenceOf(entries: EntryTable, before: number, after: number): EntryDifference {
  const content = entries.contentOf(after);
  const isSame = content !== NONE && content === entries.contentOf(before);
  return compareEntries(comparedEntry(entries, before), comparedEntry(entries, after), isSame);
}

/**
 * Whether the difference is one that a person would call so: a layer repeats every directory on the way to what it
 * changes, and with a new time, because something in it changed.
 */
export function isChange({ content, metadata }: EntryDifference, isDirectory: boolean): boolean {
  if (content !== undefined && content !== 'same') return true;
  return metadata.some((field) => !(isDirectory && field === 'modified'));
}
