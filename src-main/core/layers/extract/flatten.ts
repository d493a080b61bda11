import { FilesError } from '../files-error.ts';
import type { EntryType } from '../layer-entry.ts';
import { isUnsafeToSave } from '../overlay/inside-path.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE, ROOT } from '../overlay/path-tree.ts';
import { createSlices } from '../../slices.ts';

const MAX_LEFT_OUT = 100;

/** Why an entry is not among what is written. */
export type LeftOutReason = 'escaping-path' | 'escaping-link' | 'broken-hard-link' | 'unplaced';
export type LeftOut = { readonly path: string; readonly reason: LeftOutReason };

/** One entry of the flattened file system, in the order in which a tar can have it. */
export type FlatEntry = {
  /** Where it goes. */
  readonly path: string;
  readonly type: Exclude<EntryType, 'whiteout' | 'opaque'>;
  /** Of the stack: whose metadata count, and for a file whose bytes. */
  readonly entry: number;
  /** Of a hard link: the path, written before it, that has the bytes. */
  readonly linkPath?: string;
};

export type Flattened = {
  readonly entries: readonly FlatEntry[];
  /** The first 100. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
};

export type FlattenOptions = {
  /** Only this node and what is below it; paths begin with its name. The root when absent. */
  readonly under?: number;
  /** Leave out entries whose path is unsafe, instead of refusing the whole. */
  readonly leaveOutUnsafe?: boolean;
  /** As it was after that layer; the topmost when absent. */
  readonly upToLayer?: number | undefined;
};

/**
 * What a container would see, as the entries of one tar: those of lower layers first and each layer's in its own order,
 * and the bytes of a content under the first of its names, so that each hard link follows what it names. Directories
 * that no layer has an entry for are not among them, nor are relative links that leave the root.
 * @throws {FilesError} `unsafe-path` for a name that would lead out of where the tar is unpacked (SECURITY-CASES T05)
 */
export async function flatten(
  stack: LayerStack,
  { under = ROOT, leaveOutUnsafe = false, upToLayer = stack.layers.length - 1 }: FlattenOptions = {},
  signal?: AbortSignal,
): Promise<Flattened> {
  const flattener = new Flattener(stack, under, { leaveOutUnsafe, top: upToLayer });
  if (under === ROOT) flattener.addUnplaced();
  await createSlices(signal).each(stack.entries.size, (id) => flattener.add(id));
  return flattener.result();
}

class Flattener {
  readonly #stack: LayerStack;
  readonly #under: number;
  readonly #leaveOutUnsafe: boolean;
  readonly #top: number;
  readonly #prefixLength: number;
  readonly #entries: FlatEntry[] = [];
  readonly #leftOut: LeftOut[] = [];
  #leftOutCount = 0;
  /** Where the bytes of a content have been put. */
  readonly #written = new Map<number, string>();

  constructor(stack: LayerStack, under: number, options: { readonly leaveOutUnsafe: boolean; readonly top: number }) {
    this.#stack = stack;
    this.#under = under;
    this.#leaveOutUnsafe = options.leaveOutUnsafe;
    this.#top = options.top;
    const above = under === ROOT ? '' : stack.tree.pathOf(stack.tree.parentOf(under));
    this.#prefixLength = above === '' ? 0 : above.length + 1;
  }

  /** What stands in no tree cannot be written either. */
  addUnplaced(): void {
    const { unplaced, layers, unplacedCountOf } = this.#stack;
    for (const { path, reason, layer } of unplaced) {
      if (layer <= this.#top) this.#leaveOut(path, reason === 'escaping' ? 'escaping-path' : 'unplaced');
    }
    this.#leftOutCount = layers.slice(0, this.#top + 1).reduce((sum, _index, layer) => sum + unplacedCountOf(layer), 0);
  }

  add(id: number): void {
    const { entries, tree } = this.#stack;
    if (!entries.isVisibleAt(id, this.#top) || entries.hasFlag(id, 'implied')) return;
    const node = entries.nodeOf(id);
    if (!tree.isWithin(node, this.#under)) return;
    const path = tree.pathOf(node).slice(this.#prefixLength);
    if (entries.hasFlag(id, 'unsafeName') || isUnsafeToSave(path)) return this.#leaveOut(path, 'escaping-path');
    if (entries.contentOf(id) === NONE) return this.#leaveOut(path, 'broken-hard-link');
    this.#put(entries.inodeOf(id), path);
  }

  #put(inode: number, path: string): void {
    const { entries } = this.#stack;
    const type = entries.typeOf(inode);
    if (type === 'whiteout' || type === 'opaque') return;
    if (entries.hasFlag(inode, 'escapingLink')) return this.#leaveOut(path, 'escaping-link');
    const linkPath = type === 'file' ? this.#written.get(inode) : undefined;
    if (linkPath !== undefined) {
      this.#entries.push({ path, type: 'hardlink', entry: inode, linkPath });
      return;
    }
    if (type === 'file') this.#written.set(inode, path);
    this.#entries.push({ path, type, entry: inode });
  }

  #leaveOut(path: string, reason: LeftOutReason): void {
    if (reason === 'escaping-path' && !this.#leaveOutUnsafe) throw new FilesError('unsafe-path', path);
    this.#leftOutCount += 1;
    if (this.#leftOut.length < MAX_LEFT_OUT) this.#leftOut.push({ path, reason });
  }

  result(): Flattened {
    return { entries: this.#entries, leftOut: this.#leftOut, leftOutCount: this.#leftOutCount };
  }
}
