import { stir } from './byte-table.ts';
import { GrowingU32 } from './growing.ts';

export const NO_ENTRY = 0xff_ff_ff_ff;
export const ROOT = 0;

/** The paths of a layer as a tree: each node knows its parent and the number of its name. Node 0 is the root. */
export class NodeTable {
  readonly parents = new GrowingU32();
  readonly names = new GrowingU32();
  /** The last entry of that very path; {@link NO_ENTRY} for a directory that is only named in paths. */
  readonly entries = new GrowingU32();
  #slots = new Uint32Array(4096).fill(NO_ENTRY);

  /** `rootName`: the number of the empty name. */
  constructor(rootName: number) {
    this.#add(ROOT, rootName);
  }

  get count(): number {
    return this.parents.length;
  }

  /** The child of that name, made when there is none. */
  child(parent: number, name: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashPair(parent, name) & mask;
    for (let node = this.#slots[slot] ?? NO_ENTRY; node !== NO_ENTRY; node = this.#slots[slot] ?? NO_ENTRY) {
      if (this.parents.at(node) === parent && this.names.at(node) === name) return node;
      slot = (slot + 1) & mask;
    }
    const node = this.#add(parent, name);
    this.#slots[slot] = node;
    if (this.count * 2 > this.#slots.length) this.#grow();
    return node;
  }

  #add(parent: number, name: number): number {
    this.names.push(name);
    this.entries.push(NO_ENTRY);
    return this.parents.push(parent);
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2).fill(NO_ENTRY);
    const mask = slots.length - 1;
    for (let node = 1; node < this.count; node += 1) {
      let slot = hashPair(this.parents.at(node), this.names.at(node)) & mask;
      while (slots[slot] !== NO_ENTRY) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

function hashPair(parent: number, name: number): number {
  return stir(Math.imul(parent, 0x9e_37_79_b1) ^ name);
}
