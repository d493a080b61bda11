import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Digest, digestHex, parseDigest } from '#shared/oci/digest.ts';
import { digestOfFile } from '../../content-digest.ts';
import { makeFolder, orAbsent, statRegular } from '../../files.ts';
import { asDiskError } from '../disk-failure.ts';
import { writeChunks } from '../files/write-chunks.ts';
import { hashInto } from './hash-tap.ts';

type Call = { readonly signal: AbortSignal };

/** A layer that was compressed here: where its bytes are, and what they are. */
export type SpooledLayer = {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly diffId: Digest;
  readonly path: string;
};

/**
 * A folder of layers compressed here, kept so that a layer has one digest however often its archive is opened. A file is
 * named by what it is made from and by what it is: `<diff id>.<digest>`.
 */
export type LayerSpool = {
  /** What was made of this layer before, when it is still sound. */
  find(diffId: Digest, call: Call): Promise<SpooledLayer | undefined>;
  /** Compresses a tar. @throws {DiskError} */
  compress(tar: Readable, call: Call): Promise<SpooledLayer>;
  remove(layer: SpooledLayer): Promise<void>;
};

const NAME = /^([0-9a-f]{64})\.([0-9a-f]{64})$/;
const PLACE = 'the folder for compressed layers';

/** The spool in `dir`, which is made when something is put there. */
export function createLayerSpool(dir: string): LayerSpool {
  return {
    find: (diffId, call) => asDiskError(PLACE, () => findIn(dir, diffId, call)),
    compress: (tar, call) => asDiskError(PLACE, () => compressInto(dir, tar, call)),
    remove: ({ path }) => asDiskError(PLACE, () => rm(path, { force: true })),
  };
}

async function findIn(dir: string, diffId: Digest, { signal }: Call): Promise<SpooledLayer | undefined> {
  for (const name of (await orAbsent(readdir(dir))) ?? []) {
    const [, made, hex] = NAME.exec(name) ?? [];
    if (hex === undefined || made !== digestHex(diffId)) continue;
    const path = join(dir, name);
    const digest = parseDigest(`sha256:${hex}`);
    // A disk may have lost or changed bytes since: what does not hash to its name is made again (K03).
    if ((await digestOfFile(path, 'sha256')) === digest) {
      return { digest, diffId, path, sizeBytes: (await statRegular(path))?.size ?? 0 };
    }
    signal.throwIfAborted();
    await rm(path, { force: true });
  }
  return undefined;
}

async function compressInto(dir: string, tar: Readable, { signal }: Call): Promise<SpooledLayer> {
  await makeFolder(dir);
  const temporary = join(dir, `${process.pid}-${randomUUID()}.tmp`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    const plain = hashInto();
    const packed = hashInto();
    await pipeline(tar, plain.tap, createGzip({ level: 6, chunkSize: 256 * 1024 }), packed.tap, writeChunks(handle), {
      signal,
    });
    await handle.sync();
    const [diffId, digest] = [plain.digest(), packed.digest()];
    const path = join(dir, `${digestHex(diffId)}.${digestHex(digest)}`);
    await rename(temporary, path);
    return { digest, diffId, path, sizeBytes: packed.sizeBytes() };
  } catch (error) {
    await rm(temporary, { force: true });
    signal.throwIfAborted();
    throw error;
  } finally {
    await handle.close();
  }
}
