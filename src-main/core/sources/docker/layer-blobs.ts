import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { ArchiveError, GantryError } from '../../gantry-error.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import { hashInto } from './hash-tap.ts';
import type { LayerSpool, SpooledLayer } from './layer-spool.ts';

/** A layer as it can be sent: its own bytes where they are compressed, else what they were compressed to. */
export type LayerBlob = {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly diffId: Digest;
  readonly compression: 'gzip' | 'zstd';
  readonly place:
    | { readonly kind: 'archive'; readonly path: string }
    | { readonly kind: 'spool'; readonly layer: SpooledLayer };
};

type Work = { readonly files: ArchiveFiles; readonly spool: LayerSpool; readonly signal: AbortSignal };

/**
 * Makes a layer of a docker-save tar sendable. Reads it whole, and checks it against the diff id its config states, so
 * that damage is found here and not by whoever runs the image. Without `diffId` (before 1.10) whatever it hashes to is
 * its diff id.
 * @throws {ArchiveError} `missing-blob`, `damaged` @throws {DiskError}
 */
export async function prepareLayer(work: Work, path: string, diffId: Digest | undefined): Promise<LayerBlob> {
  const compression = await sniffCompression(work, path);
  if (compression === 'none') return prepareTar(work, path, diffId);
  const { files, signal } = work;
  const packed = hashInto();
  const plain = hashInto();
  const unpack = compression === 'gzip' ? createGunzip() : createZstdDecompress(ZSTD_OPTIONS);
  try {
    const stream = await files.openFile(path, { startByte: 0, signal });
    await pipeline(stream, packed.tap, unpack, plain.tap, nowhere(), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GantryError) throw error;
    throw new ArchiveError('damaged', files.name, `${path} cannot be decompressed`, { cause: error });
  }
  const blob = { digest: packed.digest(), sizeBytes: packed.sizeBytes(), diffId: plain.digest() };
  checkDiffId(files.name, path, blob.diffId, diffId);
  return { ...blob, compression, place: { kind: 'archive', path } };
}

/** 128 MiB of window, as the zstd tool allows without being asked (T02). */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_d_windowLogMax]: 27 } };

async function prepareTar(
  { files, spool, signal }: Work,
  path: string,
  diffId: Digest | undefined,
): Promise<LayerBlob> {
  const made = diffId === undefined ? undefined : await spool.find(diffId, { signal });
  const layer = made ?? (await spool.compress(await files.openFile(path, { startByte: 0, signal }), { signal }));
  checkDiffId(files.name, path, layer.diffId, diffId);
  const { digest, sizeBytes } = layer;
  return { digest, sizeBytes, diffId: layer.diffId, compression: 'gzip', place: { kind: 'spool', layer } };
}

function checkDiffId(archive: string, path: string, actual: Digest, stated: Digest | undefined): void {
  // No tool has ever written another algorithm than the one we hash with here.
  if (stated === undefined || stated === actual || digestAlgorithm(stated) !== 'sha256') return;
  throw new ArchiveError('damaged', archive, `${path} hashes to ${actual}, its config says ${stated}`);
}

async function sniffCompression({ files, signal }: Work, path: string): Promise<'gzip' | 'zstd' | 'none'> {
  const stream = await files.openFile(path, { startByte: 0, signal });
  for await (const chunk of stream) return Buffer.isBuffer(chunk) ? compressionOf(chunk) : 'none';
  return 'none';
}

/** By the first bytes, whatever its name says. Spec: RFC 1952, RFC 8878. */
export function compressionOf(start: Uint8Array): 'gzip' | 'zstd' | 'none' {
  const begins = (...bytes: readonly number[]) => bytes.every((byte, index) => start[index] === byte);
  if (begins(0x1f, 0x8b)) return 'gzip';
  return begins(0x28, 0xb5, 0x2f, 0xfd) ? 'zstd' : 'none';
}

const nowhere = (): Writable =>
  new Writable({ highWaterMark: 1024 * 1024, write: (_chunk, _encoding, done) => done() });
