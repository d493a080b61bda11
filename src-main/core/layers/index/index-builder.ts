import type { EntryType } from '../layer-entry.ts';
import type { TarMember } from '../tar/member.ts';
import { TarProblem } from '../tar/tar-problem.ts';
import { ByteTable } from './byte-table.ts';
import { ENTRY_TYPES, type Extra, FLAG, type IndexColumns } from './columns.ts';
import { GrowingBytes, GrowingF64, GrowingU32 } from './growing.ts';
import { markerType } from './marker.ts';
import { textOfName } from './name-text.ts';
import { NodeTable } from './node-table.ts';
import { PathPlacer } from './place.ts';
import { orderTree } from './tree-order.ts';

/** Names of markers begin with it. */
const DOT = 0x2e;

/** An entry to be listed; without `offset` where the source does not say where its content is. */
export type IndexMember = Omit<TarMember, 'offset'> & { readonly offset?: number };

export type IndexLimits = {
  /** Paths and the folders that they name. */
  readonly maxNodes: number;
  /** Names, link targets, owners and extended attributes together. */
  readonly maxTextBytes: number;
};

/** Collects entries and makes of them what {@link IndexColumns} says. Holds no object an entry. */
export class IndexBuilder {
  readonly #limits: IndexLimits;
  readonly #strings = new ByteTable();
  readonly #noString = this.#strings.intern(new Uint8Array(0));
  readonly #nodes = new NodeTable(this.#noString);
  readonly #placer = new PathPlacer(this.#strings, this.#nodes);
  readonly #columns = {
    nodes: new GrowingU32(),
    kinds: new GrowingU32(),
    uids: new GrowingU32(),
    gids: new GrowingU32(),
    userNames: new GrowingU32(),
    groupNames: new GrowingU32(),
    linkTargets: new GrowingU32(),
    sizes: new GrowingF64(),
    offsets: new GrowingF64(),
    times: new GrowingF64(),
  };
  readonly #extras = new GrowingBytes();

  constructor(limits: IndexLimits) {
    this.#limits = limits;
  }

  get entryCount(): number {
    return this.#columns.nodes.length;
  }

  /** @throws {TarProblem} `entry-limit` */
  add(member: IndexMember): void {
    const { node, isEscaping } = this.#placer.place(member.name);
    const columns = this.#columns;
    const order = columns.nodes.length;
    const nameId = this.#nodes.names.at(node);
    const mayMark = member.type === 'file' && this.#strings.beginsWith(nameId, DOT);
    const marker = mayMark ? markerType(this.#strings.get(nameId)) : undefined;
    const type: EntryType = marker === undefined || marker === 'dangerous' ? member.type : marker;
    const hasExtra = this.#addExtra(order, member);
    columns.nodes.push(node);
    columns.kinds.push(
      kindOf(type, member, {
        isEscaping: isEscaping || marker === 'dangerous',
        hasExtra,
        isSparse: member.sparseMap !== undefined,
      }),
    );
    columns.uids.push(member.uid);
    columns.gids.push(member.gid);
    columns.userNames.push(this.#intern(member.userName));
    columns.groupNames.push(this.#intern(member.groupName));
    columns.linkTargets.push(this.#intern(member.linkName));
    columns.sizes.push(type === 'file' ? member.sizeBytes : 0);
    columns.offsets.push(member.offset ?? 0);
    columns.times.push(member.modifiedSeconds);
    this.#nodes.entries.set(node, order);
    this.#checkLimits();
  }

  /** Nothing can be added after it. */
  build(): IndexColumns {
    const entries = {
      nodes: this.#columns.nodes.take(),
      kinds: this.#columns.kinds.take(),
      uids: this.#columns.uids.take(),
      gids: this.#columns.gids.take(),
      userNames: this.#columns.userNames.take(),
      groupNames: this.#columns.groupNames.take(),
      linkTargets: this.#columns.linkTargets.take(),
      sizes: this.#columns.sizes.take(),
      offsets: this.#columns.offsets.take(),
      times: this.#columns.times.take(),
    };
    // After the entries, whose node column is another than the tree's columns.
    const columns = { ...entries, ...orderTree(this.#nodes, this.#strings, entries) };
    const { bytes, starts } = this.#strings.export();
    return {
      ...columns,
      stringBytes: bytes,
      stringStarts: starts,
      extras: this.#extras.take(),
    };
  }

  #intern(bytes: Uint8Array): number {
    return bytes.length === 0 ? this.#noString : this.#strings.intern(bytes);
  }

  /** One line of JSON, the entry's number first, so that the lines are in order and can be searched by halves. */
  #addExtra(order: number, { xattrs, device, sparseMap, storedBytes }: IndexMember): boolean {
    if (xattrs === undefined && device === undefined && sparseMap === undefined) return false;
    const extra: Extra = {
      ...(xattrs !== undefined && { xattrs: xattrs.map(([name, value]) => [textOfName(name), textOfName(value)]) }),
      ...(device !== undefined && { device }),
      ...(sparseMap !== undefined && { storedBytes, sparseMap }),
    };
    const line = Buffer.from(`${JSON.stringify([order, extra])}\n`);
    this.#extras.push(line, 0, line.length);
    return true;
  }

  #checkLimits(): void {
    const { maxNodes, maxTextBytes } = this.#limits;
    if (this.#nodes.count > maxNodes) throw new TarProblem('entry-limit', `more than ${maxNodes} paths`);
    if (this.#strings.totalBytes + this.#extras.length > maxTextBytes) {
      throw new TarProblem('entry-limit', `more than ${maxTextBytes} bytes of names`);
    }
  }
}

function kindOf(
  type: EntryType,
  { mode, offset }: IndexMember,
  flags: { readonly isEscaping: boolean; readonly isSparse: boolean; readonly hasExtra: boolean },
): number {
  let kind = (ENTRY_TYPES.indexOf(type) << 16) | mode;
  if (flags.isEscaping) kind |= FLAG.escaping;
  if (flags.isSparse) kind |= FLAG.sparse;
  if (flags.hasExtra) kind |= FLAG.hasExtra;
  if (offset !== undefined) kind |= FLAG.hasOffset;
  return kind;
}
