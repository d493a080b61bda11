import { intColumn } from './columns.ts';

/** From here on V8 keeps a piece of a string as a window on the whole. */
const SHORTEST_SLICE = 13;
const scratch = Buffer.alloc(8192);

/** The same text in a string of its own: a name cut out of a path would keep all of the path in memory. */
function detach(name: string): string {
  if (name.length < SHORTEST_SLICE || name.length * 2 > scratch.length) return name;
  const encoding = /^[\u0020-\u007e]*$/.test(name) ? 'latin1' : 'utf16le';
  return scratch.toString(encoding, 0, scratch.write(name, encoding));
}

/** The root. */
export const ROOT = 0;
/** No such node. */
export const NONE = -1;

/**
 * Every path that any layer has, as a tree of names. Nodes are numbers; a parent's is always smaller than its
 * children's, so sums run up the tree in one pass backwards, and marks down in one pass forwards.
 */
export class PathTree {
  readonly #parents = intColumn();
  readonly #names: string[] = [''];
  readonly #children: (Map<string, number> | undefined)[] = [undefined];

  constructor() {
    this.#parents.push(NONE);
  }

  /** How many nodes there are, the root included. */
  get size(): number {
    return this.#names.length;
  }

  parentOf(node: number): number {
    return node === ROOT ? NONE : this.#parents.at(node);
  }

  nameOf(node: number): string {
    return this.#names[node] ?? '';
  }

  childrenOf(node: number): Iterable<number> {
    return this.#children[node]?.values() ?? [];
  }

  /** Those with nodes of their own, hidden ones included. */
  childCountOf(node: number): number {
    return this.#children[node]?.size ?? 0;
  }

  childOf(node: number, name: string): number {
    return this.#children[node]?.get(name) ?? NONE;
  }

  /** The child of that name, made when there is none. */
  ensureChild(node: number, name: string): number {
    let children = this.#children[node];
    if (children === undefined) {
      children = new Map();
      this.#children[node] = children;
    }
    const known = children.get(name);
    if (known !== undefined) return known;
    const own = detach(name);
    const child = this.#parents.push(node);
    this.#names.push(own);
    this.#children.push(undefined);
    children.set(own, child);
    return child;
  }

  /** The names from the root down to the node, joined by slashes; `''` for the root. */
  pathOf(node: number): string {
    if (node === ROOT) return '';
    let path = this.nameOf(node);
    for (let at = this.#parents.at(node); at !== ROOT; at = this.#parents.at(at)) path = `${this.nameOf(at)}/${path}`;
    return path;
  }

  /** The node of a plain path, links not followed. */
  find(segments: readonly string[]): number {
    let node = ROOT;
    for (const segment of segments) {
      node = this.childOf(node, segment);
      if (node === NONE) return NONE;
    }
    return node;
  }

  /** True for `above` itself and everything below it. */
  isWithin(node: number, above: number): boolean {
    let at = node;
    // Numbers fall on the way up, so this ends at `above` or below its number.
    while (at > above) at = this.#parents.at(at);
    return at === above;
  }
}
