import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestAlgorithm, digestHex } from '#shared/oci/digest.ts';

/**
 * What is kept of a layer: its index, the blob as it was received, and where in it one could begin to read; or what was
 * published of its index, in place of all of them.
 */
export type KeptKind = 'index' | 'blob' | 'seek' | 'published';
const KINDS: ReadonlySet<string> = new Set<KeptKind>(['index', 'blob', 'seek', 'published']);

export type KeptFile = {
  readonly name: string;
  readonly kind: KeptKind;
  readonly sizeBytes: number;
  readonly usedAtMs: number;
};

/** `unknownBytes`: kept by a version of Gantry that noted nobody. */
export type KeptSizes = { readonly bytes: number; readonly unknownBytes: number };

const KEPT_NAME = /^sha(?:256|512)-[0-9a-f]{64,128}\.([a-z]+)$/;
/** An empty file beside them that says which registry gave it: `sha256-….from-<id>`. */
const SOURCE_NAME = /^(sha(?:256|512)-[0-9a-f]{64,128})\.from-([\w-]+)$/;
const TEMPORARY = /\.part$/;
/** Longer than any opening takes: what is older was left by a process that is no more. */
const STALE_MS = 24 * 3600 * 1000;

/**
 * The folder of what is kept of layers, each file named after a digest. Files become visible whole or not at all; other
 * processes may share the folder, so a file may go at any time.
 */
export class LayerFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(digest: Digest, kind: KeptKind): string {
    return join(this.#folder, `${digestAlgorithm(digest)}-${digestHex(digest)}.${kind}`);
  }

  /** A new name beside the others, for a file that is being written. */
  temporaryPath(): string {
    return join(this.#folder, `${randomUUID()}.part`);
  }

  /** Makes the folder, and removes what a killed process left. */
  async prepare(nowMs: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (TEMPORARY.test(name) && nowMs - (await modifiedMs(path)) > STALE_MS) await rm(path, { force: true });
    }
    await this.deleteStrayNotes();
  }

  /** Deletes notes about what is not kept any more. */
  async deleteStrayNotes(): Promise<void> {
    for (const { kept, sources } of (await this.#bySource()).values()) {
      if (kept.length === 0) for (const { name } of sources) await remove(join(this.#folder, name));
    }
  }

  /** Notes whom it is from. What was kept without such a note goes with whatever goes first. */
  async noteSource(digest: Digest, registryId: string): Promise<void> {
    const name = `${digestAlgorithm(digest)}-${digestHex(digest)}.from-${registryId}`;
    if (SOURCE_NAME.test(name)) await writeFile(join(this.#folder, name), '', { mode: 0o600 });
  }

  /**
   * Deletes what is from registries that `isGone` and from no other, and what nobody is noted for. Whoever else gave the
   * same gave it to somebody who may still have it.
   */
  async deleteFrom(isGone: (registryId: string) => boolean): Promise<void> {
    for (const { kept, sources } of (await this.#bySource()).values()) {
      const gone = sources.filter(({ registryId }) => isGone(registryId));
      const names = gone.map(({ name }) => name);
      if (gone.length === sources.length) names.unshift(...kept);
      for (const name of names) await remove(join(this.#folder, name));
    }
  }

  /** Bytes of what `deleteFrom` would delete: what is from those alone, and what nobody is noted for. */
  async sizesFrom(isGone: (registryId: string) => boolean): Promise<KeptSizes> {
    const sizes = { bytes: 0, unknownBytes: 0 };
    for (const { kept, sources } of (await this.#bySource()).values()) {
      if (!sources.every(({ registryId }) => isGone(registryId))) continue;
      const key = sources.length === 0 ? 'unknownBytes' : 'bytes';
      for (const name of kept) sizes[key] += await sizeOf(join(this.#folder, name));
    }
    return sizes;
  }

  async #bySource() {
    type Source = { readonly name: string; readonly registryId: string };
    const found = new Map<string, { readonly kept: string[]; readonly sources: Source[] }>();
    const of = (digest: string) => {
      const known = found.get(digest) ?? { kept: [], sources: [] };
      found.set(digest, known);
      return known;
    };
    for (const name of await readdir(this.#folder)) {
      const [, digest, registryId] = SOURCE_NAME.exec(name) ?? [];
      if (digest !== undefined && registryId !== undefined) of(digest).sources.push({ name, registryId });
      else if (KEPT_NAME.test(name)) of(name.slice(0, name.indexOf('.'))).kept.push(name);
    }
    return found;
  }

  /** The whole file, or undefined when there is none or it cannot be read. Counts as use. */
  async read(digest: Digest, kind: KeptKind): Promise<Buffer | undefined> {
    try {
      const bytes = await readFile(this.path(digest, kind));
      await this.touch(digest, kind);
      return bytes;
    } catch {
      return undefined;
    }
  }

  /** `parts`: what is in the file, one after the other. */
  async write(digest: Digest, kind: KeptKind, parts: readonly Uint8Array[]): Promise<void> {
    const temporary = this.temporaryPath();
    try {
      await writeFile(temporary, parts, { mode: 0o600, flag: 'wx' });
      await this.commit(temporary, digest, kind);
    } catch (error) {
      await remove(temporary);
      throw error;
    }
  }

  /** Gives a written file its name. */
  async commit(temporary: string, digest: Digest, kind: KeptKind): Promise<void> {
    await rename(temporary, this.path(digest, kind));
  }

  async discard(temporary: string): Promise<void> {
    await remove(temporary);
  }

  async delete(digest: Digest, kind: KeptKind): Promise<void> {
    await remove(this.path(digest, kind));
  }

  async deleteAll(): Promise<void> {
    for (const { kept, sources } of (await this.#bySource()).values()) {
      for (const name of [...kept, ...sources.map(({ name }) => name)]) await remove(join(this.#folder, name));
    }
  }

  async deleteNamed(name: string): Promise<void> {
    if (KEPT_NAME.test(name)) await remove(join(this.#folder, name));
  }

  /** Notes that it was used now; the time of its last reading is the note. */
  async touch(digest: Digest, kind: KeptKind): Promise<void> {
    const path = this.path(digest, kind);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) await utimes(path, new Date(), found.mtime).catch(() => undefined);
  }

  /** What tells this file from another that took its place; undefined when there is none. */
  async identity(digest: Digest, kind: KeptKind): Promise<string | undefined> {
    const found = await stat(this.path(digest, kind)).catch(() => undefined);
    return found?.isFile() === true ? `${found.ino} ${found.size} ${found.mtimeMs}` : undefined;
  }

  async list(): Promise<readonly KeptFile[]> {
    const files: KeptFile[] = [];
    for (const name of await readdir(this.#folder)) {
      const kind = KEPT_NAME.exec(name)?.[1];
      if (!isKind(kind)) continue;
      const found = await stat(join(this.#folder, name)).catch(() => undefined);
      if (found?.isFile() === true) files.push({ name, kind, sizeBytes: found.size, usedAtMs: found.atimeMs });
    }
    return files;
  }
}

function isKind(name: string | undefined): name is KeptKind {
  return name !== undefined && KINDS.has(name);
}

/** What cannot be deleted now is tried again when room is made. */
async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function modifiedMs(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}
