import { createHash } from 'node:crypto';
import type { EntryType, LayerEntry, LayerIndex } from '#main/core/layers/layer-entry.ts';

/** An entry as a tar would hold it: markers by their names, paths as written. */
export type MemoryEntry = {
  readonly path: string;
  readonly type?: Exclude<EntryType, 'whiteout' | 'opaque'>;
  /** Of a file: its text, or how many bytes it has. */
  readonly content?: string | number;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly modified?: number;
  readonly stored?: number;
};

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** A layer's index in memory, as the reader of tars makes it. Equal entries make equal digests. */
export function memoryLayer(entries: readonly MemoryEntry[], more: Partial<LayerIndex> = {}): LayerIndex {
  const list = entries.map(toLayerEntry);
  const last = new Map<string, LayerEntry>();
  for (const entry of list) {
    const isMarker = entry.type === 'whiteout' || entry.type === 'opaque';
    if (!isMarker || !last.has(entry.path)) last.set(entry.path, entry);
  }
  const digest = `sha256:${createHash('sha256').update(JSON.stringify(entries)).digest('hex')}`;
  return {
    digest,
    origin: 'verified',
    completeness: { isComplete: true },
    remarks: [],
    entryCount: list.length,
    tarBytes: list.reduce((sum, entry) => sum + 512 + Math.ceil(entry.sizeBytes / 512) * 512, 1024),
    diffId: digest,
    async *entries() {
      yield* list;
    },
    find: (path) => last.get(path),
    ...more,
  };
}

function toLayerEntry(entry: MemoryEntry, order: number): LayerEntry {
  const path = clean(entry.path);
  const { type = 'file', content = 0, mode = type === 'directory' ? 0o755 : 0o644 } = entry;
  return {
    order,
    offset: order * 1024,
    mode,
    uid: entry.uid ?? 0,
    gid: 0,
    modifiedSeconds: entry.modified ?? 1_767_600_000,
    sizeBytes: typeof content === 'number' ? content : Buffer.byteLength(content),
    ...(markerOf(path) ?? { path, type }),
    ...linkOf(entry),
    ...(entry.stored === undefined ? {} : { storedBytes: entry.stored, isSparse: true }),
  };
}

function markerOf(path: string): { readonly path: string; readonly type: EntryType } | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  if (name === OPAQUE) return { path: folder, type: 'opaque' };
  if (!name.startsWith(WHITEOUT)) return undefined;
  return { path: clean(`${folder}/${name.slice(WHITEOUT.length)}`), type: 'whiteout' };
}

function linkOf({ type, link }: MemoryEntry): { readonly linkTarget?: string } {
  if (link === undefined) return {};
  return { linkTarget: type === 'hardlink' ? clean(link) : link };
}

const clean = (path: string) =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
