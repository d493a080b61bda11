import type { EntryType, LayerEntry } from '../layer-entry.ts';
import { floatColumn, intColumn } from './columns.ts';
import { NONE } from './path-tree.ts';

/** In `hiddenLayer`: nothing hides it. */
export const NEVER = -1;

const TYPES = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'char-device',
  'block-device',
  'fifo',
  'whiteout',
  'opaque',
] as const satisfies readonly EntryType[];

const TYPE_CODES: ReadonlyMap<string, number> = new Map(TYPES.map((type, code) => [type, code]));

/** How an entry came to be hidden. */
export type HidingHow = 'whiteout' | 'opaque' | 'replaced' | 'parent-replaced' | 'same-layer';
const HOWS = ['whiteout', 'opaque', 'replaced', 'parent-replaced', 'same-layer'] as const;

/** What hid an entry: a marker or entry of `layer` at `node`, which is the entry's own or one above it. */
export type Hiding = { readonly layer: number; readonly how: HidingHow; readonly node: number };

const FLAG = {
  sparse: 1,
  escapingLink: 2,
  unsafeName: 4,
  /** No tar has it: a directory that was made because something lies in it. */
  implied: 8,
} as const;
export type EntryFlag = keyof typeof FLAG;

/**
 * The entries of all layers, those of lower layers first and each layer's in tar order; an entry is its number. Entries
 * of one path are chained from the newest to the oldest. Markers are entries too, but are never visible.
 */
export class EntryTable {
  readonly #node = intColumn();
  readonly #layer = intColumn();
  readonly #order = intColumn();
  readonly #type = intColumn();
  readonly #flags = intColumn();
  readonly #mode = intColumn();
  readonly #content = intColumn();
  readonly #previous = intColumn();
  readonly #hiddenLayer = intColumn();
  readonly #hiddenHow = intColumn();
  readonly #hiddenNode = intColumn();
  readonly #size = floatColumn();
  readonly #stored = floatColumn();
  readonly #uid = floatColumn();
  readonly #gid = floatColumn();
  readonly #modified = floatColumn();
  readonly #owner = intColumn();
  readonly #owners: (readonly [user: string | undefined, group: string | undefined])[] = [[undefined, undefined]];
  readonly #ownerCodes = new Map<string, number>();
  readonly #links = new Map<number, string>();
  readonly #devices = new Map<number, string>();
  readonly #writtenPaths = new Map<number, string>();

  get size(): number {
    return this.#node.length;
  }

  /** Adds an entry at a node; `previous` is the newest one there so far. Returns its number. */
  add(entry: LayerEntry, place: { readonly node: number; readonly layer: number; readonly previous: number }): number {
    const id = this.#node.push(place.node);
    this.#layer.push(place.layer);
    this.#order.push(entry.order);
    this.#type.push(TYPE_CODES.get(entry.type) ?? 0);
    this.#flags.push(entry.isSparse === true ? FLAG.sparse : 0);
    this.#mode.push(entry.mode);
    this.#content.push(entry.type === 'hardlink' ? NONE : id);
    this.#previous.push(place.previous);
    this.#hiddenLayer.push(NEVER);
    this.#hiddenHow.push(0);
    this.#hiddenNode.push(NONE);
    this.#size.push(entry.type === 'file' ? entry.sizeBytes : 0);
    this.#stored.push(entry.type === 'file' ? (entry.storedBytes ?? entry.sizeBytes) : 0);
    this.#uid.push(entry.uid);
    this.#gid.push(entry.gid);
    this.#modified.push(entry.modifiedSeconds);
    this.#owner.push(this.#ownerCode(entry.userName, entry.groupName));
    if (entry.linkTarget !== undefined) this.#links.set(id, entry.linkTarget);
    if (entry.device !== undefined) this.#devices.set(id, entry.device);
    return id;
  }

  #ownerCode(user: string | undefined, group: string | undefined): number {
    if (user === undefined && group === undefined) return 0;
    const key = `${user ?? ''}\u0000${group ?? ''}`;
    let code = this.#ownerCodes.get(key);
    if (code === undefined) {
      code = this.#owners.push([user, group]) - 1;
      this.#ownerCodes.set(key, code);
    }
    return code;
  }

  nodeOf = (id: number): number => this.#node.at(id);
  layerOf = (id: number): number => this.#layer.at(id);
  /** Its position in the layer's tar. */
  orderOf = (id: number): number => this.#order.at(id);
  typeOf = (id: number): EntryType => TYPES[this.#type.at(id)] ?? 'file';
  modeOf = (id: number): number => this.#mode.at(id);
  /** The entry whose bytes these are: itself, for a hard link another one, or `NONE` when that is not there. */
  contentOf = (id: number): number => this.#content.at(id);
  /** The next older entry of the same path, or `NONE`. */
  previousOf = (id: number): number => this.#previous.at(id);
  uidOf = (id: number): number => this.#uid.at(id);
  gidOf = (id: number): number => this.#gid.at(id);
  modifiedOf = (id: number): number => this.#modified.at(id);
  linkOf = (id: number): string | undefined => this.#links.get(id);
  deviceOf = (id: number): string | undefined => this.#devices.get(id);
  ownerNamesOf = (id: number): readonly [user: string | undefined, group: string | undefined] =>
    this.#owners[this.#owner.at(id)] ?? [undefined, undefined];
  /** The layer that hid it, or `NEVER`. */
  hiddenLayerOf = (id: number): number => this.#hiddenLayer.at(id);
  isMarker = (id: number): boolean => this.#type.at(id) >= 7;
  isDirectory = (id: number): boolean => this.#type.at(id) === 1;
  hasFlag = (id: number, flag: EntryFlag): boolean => (this.#flags.at(id) & FLAG[flag]) !== 0;
  /** Where the tar has it, when that is not the node's own path because a link lay on the way. */
  writtenPathOf = (id: number): string | undefined => this.#writtenPaths.get(id);

  /** Whose type and metadata count: for a hard link those of what it names, since they are one and the same file. */
  inodeOf(id: number): number {
    const content = this.#content.at(id);
    return content === NONE ? id : content;
  }

  /** Of its content, expanded when it is sparse; that of its target for a hard link. */
  sizeOf(id: number): number {
    const content = this.#content.at(id);
    return content === NONE ? 0 : this.#size.at(content);
  }

  /** What the content takes in this layer's tar: nothing for a hard link. */
  storedOf = (id: number): number => this.#stored.at(id);

  hidingOf(id: number): Hiding | undefined {
    const layer = this.#hiddenLayer.at(id);
    if (layer === NEVER) return undefined;
    return { layer, how: HOWS[this.#hiddenHow.at(id)] ?? 'replaced', node: this.#hiddenNode.at(id) };
  }

  /** Whether it is what one sees at its path once `layer` and all below it are stacked. */
  isVisibleAt(id: number, layer: number): boolean {
    if (this.isMarker(id) || this.#layer.at(id) > layer) return false;
    const hidden = this.#hiddenLayer.at(id);
    return hidden === NEVER || hidden > layer;
  }

  hide(id: number, { layer, how, node }: Hiding): void {
    this.#hiddenLayer.set(id, layer);
    this.#hiddenHow.set(id, HOWS.indexOf(how));
    this.#hiddenNode.set(id, node);
  }

  setContent(id: number, content: number): void {
    this.#content.set(id, content);
  }

  setFlag(id: number, flag: EntryFlag): void {
    this.#flags.set(id, this.#flags.at(id) | FLAG[flag]);
  }

  setWrittenPath(id: number, path: string): void {
    this.#writtenPaths.set(id, path);
  }
}
