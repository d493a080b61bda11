import { NONE } from '../overlay/path-tree.ts';
import { createSlices, type Slices } from '../../slices.ts';
import type { View } from '../overlay/view.ts';
import { compareNames } from '../browse/list-directory.ts';
import { DatabaseError } from './database-error.ts';
import { type DatabaseFormat, findDatabases, type FoundDatabase } from './find-databases.ts';
import { findGoPrograms } from './find-go-programs.ts';
import { GoInfoFinder, readGoModules } from './go-build-info.ts';
import type { Ecosystem, InstalledPackage, PackageFacts } from './installed-package.ts';
import { readRpm } from './rpm.ts';
import { readApk, readDpkg, readNpm, readPython } from './text-databases.ts';

const MIB = 1024 * 1024;
const MAX_DATABASES = 500;
const MAX_PACKAGES = 200_000;
/** Files that name one package each; a monorepo has some ten thousand. */
const MAX_FILES = 50_000;
const LIMIT_BYTES: Readonly<Record<DatabaseFormat, number>> = {
  dpkg: 32 * MIB,
  apk: 32 * MIB,
  'rpm-sqlite': 256 * MIB,
  'rpm-unreadable': 0,
  npm: MIB,
  python: MIB,
  go: 256 * MIB,
};

/** A package database that was found, and what became of it. */
export type PackageDatabase = {
  readonly ecosystem: Ecosystem;
  readonly path: string;
  readonly state: 'read' | 'not-readable' | 'too-large' | 'broken' | 'not-searched';
  readonly detail?: string;
  readonly packageCount: number;
  /** Of `not-searched`: how many files, the first of which is at the path, were not looked into. */
  readonly fileCount?: number;
};

export type PackageList = {
  /** By ecosystem and name. */
  readonly packages: readonly InstalledPackage[];
  /** The many files that name one package each are one of them, for each ecosystem, at the first path. */
  readonly databases: readonly PackageDatabase[];
};

/** How the files of a view are read. */
export type PackageSources = {
  /**
   * The bytes of files, in any order; a file that cannot be read is left out. Those of one must be taken before the next,
   * as far as they are wanted.
   */
  readonly readNodes: (
    nodes: readonly number[],
    signal: AbortSignal | undefined,
  ) => AsyncIterable<{ readonly node: number; readonly bytes: AsyncIterable<Buffer> }>;
  /** Whether reading a large file costs no request. */
  readonly isAtHand: (node: number) => Promise<boolean>;
};

/** Bytes of the files that are read for it, as they are in the file system. */
export type PackagesProgress = { readonly readBytes: number; readonly totalBytes: number };

export type ListPackagesOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Hears at once how much there is to read, then what has been. */
  readonly onProgress?: ((progress: PackagesProgress) => void) | undefined;
};

/** What is installed, by the databases in the merged view. What cannot be read is said, and the rest read. */
export async function listPackages(
  view: View,
  { readNodes, isAtHand }: PackageSources,
  { signal, onProgress }: ListPackagesOptions = {},
): Promise<PackageList> {
  const collector = new Collector(view, createSlices(signal));
  const wanted = new Map<number, FoundDatabase>();
  const programs = await findGoPrograms(view, isAtHand, signal);
  const databases = programs.wanted.map((node): FoundDatabase => ({
    format: 'go',
    ecosystem: 'go',
    node,
    isPart: false,
  }));
  for (const database of [...(await findDatabases(view, signal)), ...databases]) {
    if (collector.accepts(database) && !wanted.has(database.node)) wanted.set(database.node, database);
  }
  collector.noteLeftOut(programs.leftOut);
  const meter = new ReadMeter([...wanted.keys()], view, onProgress);
  for await (const { node, bytes } of readNodes([...wanted.keys()], signal)) {
    const database = wanted.get(node);
    if (database !== undefined) await collector.read(database, meter.count(bytes));
    meter.finish(node);
    wanted.delete(node);
  }
  for (const database of wanted.values()) collector.note(database, 'broken', 'its content is not there');
  return collector.result();
}

/** Adds up what has been read of files of known sizes. */
class ReadMeter {
  readonly #sizes: ReadonlyMap<number, number>;
  readonly #totalBytes: number;
  readonly #tell: (progress: PackagesProgress) => void;
  #finishedBytes = 0;

  constructor(nodes: readonly number[], view: View, tell: ListPackagesOptions['onProgress']) {
    this.#sizes = new Map(nodes.map((node) => [node, view.stack.entries.sizeOf(view.entryOf(node))]));
    this.#totalBytes = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    this.#tell = tell ?? (() => undefined);
    this.#say(0);
  }

  async *count(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
    let read = 0;
    for await (const piece of bytes) {
      read += piece.length;
      this.#say(read);
      yield piece;
    }
  }

  /** Whatever of it was wanted has been read: of a program often only the start. */
  finish(node: number): void {
    this.#finishedBytes += this.#sizes.get(node) ?? 0;
    this.#say(0);
  }

  #say(ofNext: number): void {
    const readBytes = Math.min(this.#finishedBytes + ofNext, this.#totalBytes);
    this.#tell({ readBytes, totalBytes: this.#totalBytes });
  }
}

class Collector {
  readonly #view: View;
  readonly #slices: Slices;
  readonly #packages: InstalledPackage[] = [];
  readonly #databases: PackageDatabase[] = [];
  readonly #parts = new Map<Ecosystem, { readonly path: string; count: number }>();
  #files = 0;

  constructor(view: View, slices: Slices) {
    this.#view = view;
    this.#slices = slices;
  }

  /** Whether it is to be read; says why when it is not. */
  accepts(database: FoundDatabase): boolean {
    if (database.format === 'rpm-unreadable') {
      this.note(database, 'not-readable', 'an rpm database in Berkeley DB or ndb form');
      return false;
    }
    const { entries } = this.#view.stack;
    const isTooLarge = entries.sizeOf(this.#view.entryOf(database.node)) > LIMIT_BYTES[database.format];
    if (isTooLarge) this.note(database, 'too-large');
    this.#files += 1;
    return !isTooLarge && this.#files <= MAX_FILES;
  }

  async read(database: FoundDatabase, bytes: AsyncIterable<Buffer>): Promise<void> {
    let count = 0;
    try {
      const all = database.format === 'go' ? await goPackages(bytes) : READERS[database.format](await whole(bytes));
      // Most programs are not made with Go.
      if (all === undefined) return;
      for (const facts of all) {
        if (this.#packages.length >= MAX_PACKAGES) break;
        this.#packages.push({ ...facts, ecosystem: database.ecosystem, path: this.#pathOf(database) });
        count += 1;
        if (this.#slices.due()) await this.#slices.next();
      }
      this.#noteRead(database, count);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      this.note(database, 'broken', error.message, count);
    }
  }

  #pathOf({ node }: FoundDatabase): string {
    return this.#view.stack.tree.pathOf(node);
  }

  #noteRead(database: FoundDatabase, count: number): void {
    if (!database.isPart) {
      this.note(
        database,
        'read',
        this.#hasLog(database) ? 'without what is only in its write-ahead log' : undefined,
        count,
      );
      return;
    }
    const known = this.#parts.get(database.ecosystem) ?? { path: this.#pathOf(database), count: 0 };
    known.count += count;
    this.#parts.set(database.ecosystem, known);
  }

  /** SQLite may have left its last changes beside the file. */
  #hasLog({ node, format }: FoundDatabase): boolean {
    if (format !== 'rpm-sqlite') return false;
    const { tree, entries } = this.#view.stack;
    const log = tree.childOf(tree.parentOf(node), `${tree.nameOf(node)}-wal`);
    const shown = log === NONE ? NONE : this.#view.entryOf(log);
    return shown >= 0 && entries.sizeOf(shown) > 0;
  }

  note(database: FoundDatabase, state: PackageDatabase['state'], detail?: string, packageCount = 0): void {
    const { ecosystem } = database;
    const path = this.#pathOf(database);
    // Thousands of small files may be broken; the first say enough.
    if (this.#databases.length >= MAX_DATABASES) return;
    this.#databases.push({ ecosystem, path, state, ...(detail === undefined ? {} : { detail }), packageCount });
  }

  /** Programs that were not looked into, all in one. */
  noteLeftOut(nodes: readonly number[]): void {
    const [first] = nodes;
    if (first === undefined) return;
    const path = this.#view.stack.tree.pathOf(first);
    this.#databases.push({ ecosystem: 'go', path, state: 'not-searched', packageCount: 0, fileCount: nodes.length });
  }

  result(): PackageList {
    const parts = Array.from(this.#parts, ([ecosystem, { path, count }]): PackageDatabase => {
      return { ecosystem, path, state: 'read', packageCount: count };
    });
    const packages = this.#packages.toSorted(
      (a, b) => compareNames(a.ecosystem, b.ecosystem) || compareNames(a.name, b.name) || compareNames(a.path, b.path),
    );
    return { packages, databases: [...this.#databases, ...parts] };
  }
}

async function whole(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function goPackages(bytes: AsyncIterable<Buffer>): Promise<Iterable<PackageFacts> | undefined> {
  const finder = new GoInfoFinder();
  for await (const part of bytes) if (!finder.push(part)) break;
  return finder.found && readGoModules(finder.found);
}

const READERS: Readonly<Record<Exclude<DatabaseFormat, 'go'>, (bytes: Buffer) => Iterable<PackageFacts>>> = {
  dpkg: (bytes) => readDpkg(bytes.toString('utf8')),
  apk: (bytes) => readApk(bytes.toString('utf8')),
  'rpm-sqlite': readRpm,
  'rpm-unreadable': () => [],
  npm: (bytes) => one(readNpm(bytes.toString('utf8'))),
  python: (bytes) => one(readPython(bytes.toString('utf8'))),
};

/** What names no package there is no package: a fixture, a folder of a bundler. */
function one(facts: PackageFacts | undefined): readonly PackageFacts[] {
  return facts === undefined ? [] : [facts];
}
