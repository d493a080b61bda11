import type { EntryType, LayerEntry, LayerIndex } from '../layer-entry.ts';
import { ENTRY_TYPES, type Extra, FLAG, type IndexColumns } from './columns.ts';
import { readExtra } from './extras.ts';
import type { IndexFacts, PublishedAs } from './index-format.ts';
import { MARKER_LENGTH } from './marker.ts';
import { bytesOfName, hasRawBytes, textOfName } from './name-text.ts';
import { NO_ENTRY, ROOT } from './node-table.ts';

/** A place in the tree: what is there, or a folder that is only named in the paths of others. */
export type LayerNode = {
  readonly path: string;
  /** Last part of the name in the tar, so a whiteout with its marker. */
  readonly name: string;
  readonly entry?: LayerEntry;
  readonly childCount: number;
  /** Of all files in it. */
  readonly totalBytes: number;
  readonly fileCount: number;
};

const TURN_MS = 8;
const CHECK_EVERY = 512;

/** The index of a layer in memory: columns of numbers, and entries made from them when they are asked for. */
export class StoredIndex implements LayerIndex {
  readonly digest: string;
  readonly origin: LayerIndex['origin'];
  readonly completeness: LayerIndex['completeness'];
  readonly remarks: LayerIndex['remarks'];
  readonly entryCount: number;
  readonly tarBytes: number | undefined;
  readonly diffId: string | undefined;
  /** Of `published-index`: which. */
  readonly published: PublishedAs | undefined;
  readonly columns: IndexColumns;

  constructor(facts: IndexFacts, columns: IndexColumns) {
    this.digest = facts.digest;
    this.origin = facts.origin;
    this.completeness = facts.completeness;
    this.remarks = facts.remarks;
    this.entryCount = facts.entryCount;
    this.tarBytes = facts.tarBytes;
    this.diffId = facts.diffId;
    this.published = facts.published;
    this.columns = columns;
  }

  /** What it takes in memory. */
  get bytes(): number {
    return Object.values(this.columns).reduce((sum, column) => sum + column.byteLength, 0);
  }

  async *entries(): AsyncGenerator<LayerEntry, void, void> {
    const folders = new Map<number, string>();
    let turn = performance.now();
    for (let order = 0; order < this.entryCount; order += 1) {
      yield this.entryAt(order, folders);
      if (order % CHECK_EVERY !== 0 || performance.now() - turn < TURN_MS) continue;
      await new Promise((resolve) => void setImmediate(resolve));
      turn = performance.now();
    }
  }

  find(path: string): LayerEntry | undefined {
    const node = this.findNode(path);
    if (node !== undefined && this.columns.entries[node] !== NO_ENTRY) return this.entryOf(node);
    const slash = path.lastIndexOf('/');
    const marker = this.findNode(`${path.slice(0, slash + 1)}.wh.${path.slice(slash + 1)}`);
    const whiteout = marker === undefined ? undefined : this.entryOf(marker);
    return whiteout?.type === 'whiteout' ? whiteout : undefined;
  }

  /** The node of a path as the tar has it, with its markers. */
  findNode(path: string): number | undefined {
    let node = ROOT;
    for (const name of path.split('/')) {
      if (name === '') continue;
      const child = this.#childNamed(node, name);
      if (child === undefined) return undefined;
      node = child;
    }
    return node;
  }

  entryOf(node: number): LayerEntry | undefined {
    const order = this.columns.entries[node] ?? NO_ENTRY;
    return order === NO_ENTRY ? undefined : this.entryAt(order);
  }

  nodeAt(node: number): LayerNode {
    const { childStarts, totalBytes, fileCounts } = this.columns;
    const entry = this.entryOf(node);
    return {
      path: entry?.path ?? this.pathOf(node),
      name: this.nameOf(node),
      ...(entry !== undefined && { entry }),
      childCount: (childStarts[node + 1] ?? 0) - (childStarts[node] ?? 0),
      totalBytes: totalBytes[node] ?? 0,
      fileCount: fileCounts[node] ?? 0,
    };
  }

  /** Nodes directly in a folder, by the bytes of their names. */
  childrenOf(node: number): Uint32Array {
    const { childStarts, children } = this.columns;
    return children.subarray(childStarts[node], childStarts[node + 1]);
  }

  nameOf(node: number): string {
    return textOfName(this.#string(this.columns.names[node] ?? 0));
  }

  pathOf(node: number): string {
    const names: string[] = [];
    for (let at = node; at !== ROOT; at = this.columns.parents[at] ?? ROOT) names.push(this.nameOf(at));
    return names.toReversed().join('/');
  }

  /** What the index keeps beside the columns. */
  extraOf(order: number): Extra | undefined {
    const hasExtra = ((this.columns.kinds[order] ?? 0) & FLAG.hasExtra) !== 0;
    return hasExtra ? readExtra(this.columns.extras, order) : undefined;
  }

  /** `folders`: paths already made, for who reads many entries in a row. */
  entryAt(order: number, folders?: Map<number, string>): LayerEntry {
    const { columns } = this;
    const of = (column: Uint32Array | Float64Array) => column[order] ?? 0;
    const kind = of(columns.kinds);
    const type = ENTRY_TYPES[kind >>> 16] ?? 'file';
    const path = this.#entryPath(of(columns.nodes), type, folders);
    const userName = this.#text(of(columns.userNames));
    const groupName = this.#text(of(columns.groupNames));
    const linkTarget = this.#linkTarget(type, of(columns.linkTargets));
    return {
      order,
      path,
      type,
      sizeBytes: of(columns.sizes),
      mode: kind & 0o7777,
      uid: of(columns.uids),
      gid: of(columns.gids),
      ...(userName !== '' && { userName }),
      ...(groupName !== '' && { groupName }),
      modifiedSeconds: of(columns.times),
      ...(linkTarget !== undefined && { linkTarget }),
      ...((kind & FLAG.hasOffset) !== 0 && { offset: of(columns.offsets) }),
      ...this.#rare(order, kind, path, linkTarget),
    };
  }

  #rare(order: number, kind: number, path: string, linkTarget: string | undefined): Partial<LayerEntry> {
    const { xattrs, device, storedBytes } = this.extraOf(order) ?? {};
    return {
      ...(storedBytes !== undefined && { storedBytes }),
      ...(xattrs !== undefined && { xattrs }),
      ...(device !== undefined && { device }),
      ...((kind & FLAG.sparse) !== 0 && { isSparse: true }),
      ...(hasRawBytes(path + (linkTarget ?? '')) && { hasRawBytes: true }),
      ...((kind & FLAG.escaping) !== 0 && { isEscaping: true }),
    };
  }

  #entryPath(node: number, type: EntryType, folders: Map<number, string> | undefined): string {
    if (node === ROOT) return '';
    const parent = this.columns.parents[node] ?? ROOT;
    const folder = this.#folderPath(parent, folders);
    if (type === 'opaque') return folder;
    const name = this.nameOf(node).slice(type === 'whiteout' ? MARKER_LENGTH : 0);
    return folder === '' ? name : `${folder}/${name}`;
  }

  #folderPath(node: number, folders: Map<number, string> | undefined): string {
    const known = folders?.get(node);
    if (known !== undefined) return known;
    const path = this.pathOf(node);
    if (folders !== undefined && folders.size > 1000) folders.clear();
    folders?.set(node, path);
    return path;
  }

  #linkTarget(type: EntryType, id: number): string | undefined {
    if (type === 'symlink') return this.#text(id);
    return type === 'hardlink' ? plainPath(this.#text(id)) : undefined;
  }

  #childNamed(parent: number, name: string): number | undefined {
    const wanted = bytesOfName(name);
    if (wanted === undefined) return undefined;
    const group = this.childrenOf(parent);
    let low = 0;
    let high = group.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const node = group[middle] ?? ROOT;
      const order = Buffer.compare(this.#string(this.columns.names[node] ?? 0), wanted);
      if (order === 0) return node;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  #text(id: number): string {
    return id === 0 ? '' : textOfName(this.#string(id));
  }

  #string(id: number): Uint8Array {
    const { stringBytes, stringStarts } = this.columns;
    return stringBytes.subarray(stringStarts[id], stringStarts[id + 1]);
  }
}

/** In the form of an entry's path: a hard link names another entry. */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
