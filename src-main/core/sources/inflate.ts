import { randomUUID } from 'node:crypto';
import { constants as fs } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { makeFolder } from '../files.ts';
import { ArchiveError, GantryError } from '../gantry-error.ts';
import { toDiskError } from './disk-failure.ts';
import { readRange } from './files/read-range.ts';
import { writeChunks } from './files/write-chunks.ts';

/** A compressed tar in its plain form, in a file of ours. */
export type Inflated = { readonly handle: FileHandle; readonly sizeBytes: number; remove(): Promise<void> };

export type InflateInput = {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  readonly compression: 'gzip' | 'zstd';
  /** What a person calls the archive. */
  readonly name: string;
  readonly scratchDir: string;
  readonly signal: AbortSignal;
};

/** What an archive of images never exceeds, and a bomb does (SECURITY-CASES T01): gzip reaches 1030, zstd far more. */
const MAX_RATIO = 100;
const FREE_BYTES = 256 * 1024 * 1024;
/** 128 MiB of window, as the zstd tool allows without being asked (T02). */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_d_windowLogMax]: 27 } };

/**
 * Decompresses an archive into a new file, since blobs are read by position.
 * @throws {ArchiveError} `truncated`, `damaged`, `too-large` @throws {DiskError}
 */
export async function inflate(input: InflateInput): Promise<Inflated> {
  const { name, scratchDir, signal } = input;
  const path = join(scratchDir, `${randomUUID()}.tar`);
  try {
    await makeFolder(scratchDir);
    const handle = await open(path, fs.O_RDWR | fs.O_CREAT | fs.O_EXCL, 0o600);
    try {
      const sizeBytes = await inflateInto(handle, input);
      const remove = async () => {
        await handle.close();
        await rm(path, { force: true });
      };
      return { handle, sizeBytes, remove };
    } catch (error) {
      await handle.close();
      await rm(path, { force: true });
      throw error;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asArchiveError(error, name);
  }
}

async function inflateInto(target: FileHandle, input: InflateInput): Promise<number> {
  const { handle, sizeBytes, compression, name, signal } = input;
  const limit = Math.max(FREE_BYTES, sizeBytes * MAX_RATIO);
  const check = (bytes: number) => {
    if (bytes > limit) throw new ArchiveError('too-large', name, `it decompresses to more than ${limit} bytes`);
  };
  const unpack = compression === 'gzip' ? createGunzip({ chunkSize: 256 * 1024 }) : createZstdDecompress(ZSTD_OPTIONS);
  const source = readRange(handle, { start: 0, end: sizeBytes }, name, signal);
  await pipeline(source, unpack, writeChunks(target, 0, check), { signal });
  return (await target.stat()).size;
}

/** zlib says `Z_BUF_ERROR` when the stream ends too early, and something else when it is none. */
function asArchiveError(error: unknown, name: string): unknown {
  if (error instanceof GantryError || !(error instanceof Error) || 'syscall' in error) return toDiskError(error, name);
  const isCut = 'code' in error && error.code === 'Z_BUF_ERROR';
  return new ArchiveError(isCut ? 'truncated' : 'damaged', name, 'it cannot be decompressed', { cause: error });
}
