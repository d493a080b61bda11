import { FilesError } from '../files-error.ts';
import type { LayerEntry, LayerIndex } from '../layer-entry.ts';
import { intColumn } from './columns.ts';
import { EntryTable, type HidingHow } from './entry-table.ts';
import { isEscapingLink, isUnsafeToSave, segmentsOf } from './inside-path.ts';
import type { LayerStack, UnplacedEntry } from './layer-stack.ts';
import { walkPath } from './links.ts';
import { NONE, PathTree, ROOT } from './path-tree.ts';

const MAX_ENTRIES = 2_000_000;
const MAX_NODES = 3_000_000;
const MAX_UNPLACED = 100;
/** Characters of link targets walked for a whole image: what real ones need a hundred times over, and still seconds. */
const MAX_LINK_CHARACTERS = 500_000_000;

/** What a step of the walk to an entry's parent may do to what is in the way. */
type WalkOptions = {
  readonly layer: number;
  /** Directories of the layer itself, which stand in the place of links below them. Absent: every link is followed. */
  readonly ownDirectories?: LayerIndex;
  /** An entry will be put below: a file in the way has to go. */
  readonly makesWay?: boolean;
};

/** As engines make it. */
const IMPLIED_DIRECTORY: LayerEntry = {
  order: -1,
  path: '',
  type: 'directory',
  sizeBytes: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  modifiedSeconds: 0,
};

/** The node of an entry; `isMoved` when a link lay on the way, so that the tar has it under another path. */
type Place = { readonly node: number; readonly isMoved: boolean };

/** Puts the entries of one layer after another in their places. Lower layers first, each layer's markers before the rest. */
export class StackBuilder {
  readonly #tree = new PathTree();
  readonly #entries = new EntryTable();
  readonly #latest = intColumn();
  readonly #versions = intColumn();
  /** The entry that is seen now, or `NONE`. */
  readonly #live = intColumn();
  /** 1 where something is seen at the node or below it, so that what is all hidden is never walked again. */
  readonly #alive = intColumn();
  readonly #opaque = new Set<string>();
  readonly #unplaced: UnplacedEntry[] = [];
  readonly #unplacedCounts = new Map<number, number>();
  #waitingLinks: number[] = [];
  #waitingMarkers: { readonly node: number; readonly how: 'whiteout' | 'opaque' }[] = [];
  #linkCharacters = 0;
  /** The folder of the last entry, as written with its slash. */
  #folder: (Place & { readonly path: string }) | undefined;

  constructor() {
    this.#growTo(1);
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  finish(layers: LayerStack['layers']): LayerStack {
    return {
      tree: this.#tree,
      entries: this.#entries,
      layers,
      latestOf: (node) => this.#latest.at(node),
      versionCountOf: (node) => this.#versions.at(node),
      isOpaqueIn: (node, layer) => this.#opaque.has(`${node}:${layer}`),
      unplaced: this.#unplaced,
      unplacedCountOf: (layer) => this.#unplacedCounts.get(layer) ?? 0,
    };
  }

  /**
   * Takes one marker of a layer, before any other entry of it. It hides nothing yet: markers speak of what lies below,
   * so they are all laid against that first, in whatever order they come. Spec: OCI image 1.1, layer.md, "Whiteouts".
   */
  addMarker(entry: LayerEntry, layer: number, index: LayerIndex): void {
    const segments = segmentsOf(entry.path);
    if (typeof segments === 'string') return this.#leaveOut(entry.path, layer, segments);
    // Only an opaque marker can speak of the root; the root itself cannot be deleted (T12).
    if (segments.length === 0 && entry.type === 'whiteout') return this.#leaveOut(entry.path, layer, 'bad-marker');
    const parent = this.#walk(segments.slice(0, -1), { layer, ownDirectories: index });
    if (parent === undefined) return this.#leaveOut(entry.path, layer, 'link-loop');
    const node = this.#nodeBelow(parent, segments);
    const id = this.#append(entry, node, layer);
    this.#entries.hide(id, { layer, how: 'same-layer', node });
    if (entry.type === 'opaque') this.#opaque.add(`${node}:${layer}`);
    this.#waitingMarkers.push({ node, how: entry.type === 'opaque' ? 'opaque' : 'whiteout' });
  }

  /** Hides what the layer's markers speak of. */
  applyMarkers(layer: number): void {
    for (const { node, how } of this.#waitingMarkers) {
      if (how === 'whiteout') this.#hideTree(node, { layer, how, at: node });
      else for (const child of this.#tree.childrenOf(node)) this.#hideTree(child, { layer, how, at: node });
    }
    this.#waitingMarkers = [];
  }

  /** Puts one entry, no marker, in its place. */
  addEntry(entry: LayerEntry, layer: number): void {
    const place = this.#placeOf(entry.path, layer);
    if (typeof place === 'string') return this.#leaveOut(entry.path, layer, place);
    const { node, isMoved } = place;
    // Looked up before the entry takes the place: a link may name the path it stands at.
    const content = entry.type === 'hardlink' ? this.#contentAt(entry.linkTarget ?? '', layer) : undefined;
    this.#makeRoom(node, { layer, isDirectory: entry.type === 'directory' });
    const id = this.#append(entry, node, layer);
    this.#live.set(node, id);
    this.#raise(node);
    this.#note(id, entry, isMoved);
    if (content !== undefined) this.#setContent(id, content);
  }

  /** Where an entry goes. Most lie in the same folder as the one before, which then is not looked for again. */
  #placeOf(path: string, layer: number): Place | UnplacedEntry['reason'] {
    const folder = this.#folder;
    if (folder !== undefined && path.startsWith(folder.path)) {
      const name = path.slice(folder.path.length);
      if (isPlainName(name)) return { node: this.#child(folder.node, name), isMoved: folder.isMoved };
    }
    const segments = segmentsOf(path);
    if (typeof segments === 'string') return segments;
    // A marker that names nothing. Engines take the prefix away, so no container ever sees such a file (T12).
    if (segments.at(-1)?.startsWith('.wh.') === true) return 'bad-marker';
    const parents = segments.slice(0, -1);
    const parent = this.#walk(parents, { layer, makesWay: true });
    if (parent === undefined) return 'link-loop';
    const isMoved = this.#tree.find(parents) !== parent;
    this.#folder = { path: path.slice(0, path.lastIndexOf('/') + 1), node: parent, isMoved };
    return { node: this.#nodeBelow(parent, segments), isMoved };
  }

  /** Ends a layer: hard links to what came after them in it are tied now. */
  endLayer(layer: number): void {
    for (const id of this.#waitingLinks) {
      this.#entries.setContent(id, this.#contentAt(this.#entries.linkOf(id) ?? '', layer));
    }
    this.#waitingLinks = [];
  }

  #append(entry: LayerEntry, node: number, layer: number): number {
    if (this.#entries.size >= MAX_ENTRIES) throw new FilesError('too-many-entries', String(MAX_ENTRIES));
    const id = this.#entries.add(entry, { node, layer, previous: this.#latest.at(node) });
    this.#latest.set(node, id);
    this.#versions.add(node, 1);
    return id;
  }

  #note(id: number, { path, type, linkTarget = '' }: LayerEntry, isMoved: boolean): void {
    if (isMoved) this.#entries.setWrittenPath(id, path);
    if (isUnsafeToSave(path)) this.#entries.setFlag(id, 'unsafeName');
    if (type !== 'symlink') return;
    // What lies below it now lies elsewhere.
    this.#folder = undefined;
    if (isEscapingLink(path, linkTarget)) this.#entries.setFlag(id, 'escapingLink');
  }

  #setContent(id: number, content: number): void {
    if (content === NONE) this.#waitingLinks.push(id);
    else this.#entries.setContent(id, content);
  }

  /** The content that is seen at a path now; links on the way are followed, the last one is not. */
  #contentAt(target: string, layer: number): number {
    const segments = segmentsOf(target);
    if (typeof segments === 'string' || segments.length === 0) return NONE;
    const parent = this.#walk(segments.slice(0, -1), { layer });
    const node = parent === undefined ? NONE : this.#tree.childOf(parent, segments.at(-1) ?? '');
    const live = node === NONE ? NONE : this.#live.at(node);
    // A directory has no content that another name could share.
    return live === NONE || this.#entries.isDirectory(live) ? NONE : this.#entries.contentOf(live);
  }

  /** Clears the place for a new entry: all of it, but for a directory that only gets new metadata. */
  #makeRoom(node: number, { layer, isDirectory }: { readonly layer: number; readonly isDirectory: boolean }): void {
    const live = this.#live.at(node);
    if (live !== NONE) this.#hideOne(live, { layer, how: 'replaced', at: node });
    if (isDirectory && (live === NONE || this.#entries.isDirectory(live))) return;
    for (const child of this.#tree.childrenOf(node)) this.#hideTree(child, { layer, how: 'parent-replaced', at: node });
  }

  #hideOne(id: number, by: { readonly layer: number; readonly how: HidingHow; readonly at: number }): void {
    const how = this.#entries.layerOf(id) === by.layer ? 'same-layer' : by.how;
    this.#entries.hide(id, { layer: by.layer, how, node: by.at });
    // The folder of the last entry may have been a link, or in the way.
    this.#folder = undefined;
    this.#live.set(this.#entries.nodeOf(id), NONE);
  }

  /** Hides everything seen at the node and below. Without recursion, and no further than where something is seen. */
  #hideTree(node: number, by: { readonly layer: number; readonly how: HidingHow; readonly at: number }): void {
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.#alive.at(at) === 0) continue;
      this.#alive.set(at, 0);
      const live = this.#live.at(at);
      if (live !== NONE) this.#hideOne(live, by);
      for (const child of this.#tree.childrenOf(at)) open.push(child);
    }
  }

  /** Marks the node and all above it as having something to see. */
  #raise(node: number): void {
    for (let at = node; at !== NONE && this.#alive.at(at) === 0; at = this.#tree.parentOf(at)) this.#alive.set(at, 1);
  }

  #nodeBelow(parent: number, segments: readonly string[]): number {
    const name = segments.at(-1);
    return name === undefined ? ROOT : this.#child(parent, name);
  }

  #child(node: number, name: string): number {
    const child = this.#tree.ensureChild(node, name);
    if (this.#tree.size > MAX_NODES) throw new FilesError('too-many-entries', String(MAX_ENTRIES));
    this.#growTo(this.#tree.size);
    return child;
  }

  #growTo(size: number): void {
    while (this.#latest.length < size) {
      this.#latest.push(NONE);
      this.#live.push(NONE);
      this.#versions.push(0);
      this.#alive.push(0);
    }
  }

  /**
   * The directory that a path names now, made where it is missing, as every engine does. Symbolic links are followed
   * inside the root; undefined when they lead in a circle.
   */
  #walk(segments: readonly string[], options: WalkOptions): number | undefined {
    const walked = walkPath(this.#tree, segments, (parent, name) => {
      const node = this.#child(parent, name);
      const target = this.#targetOf(node, options);
      if (target !== undefined) return { kind: 'link', target };
      if (options.makesWay === true) this.#makeDirectory(node, options.layer);
      return { kind: 'enter', node };
    });
    return walked.kind === 'found' ? walked.node : undefined;
  }

  /** Where a walk is to go on from this node, if it is a link now and not a directory in the layer itself. */
  #targetOf(node: number, { ownDirectories }: WalkOptions): string | undefined {
    const live = this.#live.at(node);
    if (live === NONE || this.#entries.typeOf(live) !== 'symlink') return undefined;
    if (ownDirectories?.find(this.#tree.pathOf(node))?.type === 'directory') return undefined;
    const target = this.#entries.linkOf(live) ?? '';
    this.#linkCharacters += target.length;
    if (this.#linkCharacters > MAX_LINK_CHARACTERS) throw new FilesError('too-many-links', this.#tree.pathOf(node));
    return target;
  }

  /** Makes a directory on the way to an entry, which stays when the entry goes, as it does on a disk. */
  #makeDirectory(node: number, layer: number): void {
    const live = this.#live.at(node);
    if (live !== NONE && this.#entries.isDirectory(live)) return;
    if (live !== NONE) this.#hideOne(live, { layer, how: 'replaced', at: node });
    const id = this.#append(IMPLIED_DIRECTORY, node, layer);
    this.#entries.setFlag(id, 'implied');
    this.#versions.add(node, -1);
    this.#live.set(node, id);
    this.#raise(node);
  }

  #leaveOut(path: string, layer: number, reason: UnplacedEntry['reason']): void {
    this.#unplacedCounts.set(layer, (this.#unplacedCounts.get(layer) ?? 0) + 1);
    if (this.#unplaced.length < MAX_UNPLACED) this.#unplaced.push({ layer, path, reason });
  }
}

/** True for one segment, and neither a marker nor dots. */
function isPlainName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !name.includes('/');
}
