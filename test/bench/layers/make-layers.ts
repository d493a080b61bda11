import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createWriteStream } from 'node:fs';
import type { Pairs } from '#shared/oci/descriptor.ts';
import { END, octal, padded, rawHeader } from '../../support/raw-tar.ts';

/** A blob on disk, as a manifest would describe it. */
export type BenchBlob = {
  readonly path: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly annotations: Pairs;
};

export const FILES = 195_000;
const MEAN_BYTES = 5500;
const POOL_BYTES = 8 << 20;

type BenchFile = { readonly path: string; readonly content: Buffer };

/** Text of a few thousand words with a tenth of noise: it compresses about as well as programs do. */
function makePool(): Buffer {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 8;
  const words = Array.from({ length: 3000 }, () =>
    next()
      .toString(36)
      .repeat(1 + (next() % 2)),
  );
  const pool = Buffer.alloc(POOL_BYTES);
  for (let at = 0; at < POOL_BYTES;) at += pool.write(`${words[next() % words.length]} `, at, 'latin1') || POOL_BYTES;
  for (let at = 0; at + 64 < POOL_BYTES; at += 640) for (let byte = 0; byte < 64; byte += 1) pool[at + byte] = next();
  return pool;
}

function* benchFiles(): Generator<BenchFile, void, void> {
  const pool = makePool();
  let state = 7;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  for (let index = 0; index < FILES; index += 1) {
    const length = Math.min(POOL_BYTES, Math.floor(-Math.log(1 - next()) * MEAN_BYTES));
    const start = Math.floor(next() * (POOL_BYTES - length));
    const folder = `usr/lib/node_modules/pkg${Math.floor(index / 120)}/lib/${['src', 'dist', 'test', 'types'][index % 4]}`;
    yield { path: `${folder}/file-${index}.js`, content: pool.subarray(start, start + length) };
  }
}

const headerOf = ({ path, content }: BenchFile) => rawHeader({ name: path, size: octal(content.length) });

/** One gzip member, as docker and buildkit push it. */
export async function makeGzipLayer(folder: string): Promise<BenchBlob> {
  const path = join(folder, 'layer.tar.gz');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const tar = function* () {
    for (const file of benchFiles()) yield Buffer.concat([headerOf(file), padded(file.content)]);
    yield END;
  };
  const counting = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(Readable.from(tar()), createGzip({ level: 6 }), counting, createWriteStream(path));
  return { path, digest: `sha256:${hash.digest('hex')}`, sizeBytes, annotations: [] };
}

/** Writes pieces one after the other and knows where it is. */
class BlobFile {
  readonly #path: string;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  sizeBytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'w');
  }

  add(piece: Buffer): void {
    for (let at = 0; at < piece.length;) at += writeSync(this.#file, piece, at);
    this.#hash.update(piece);
    this.sizeBytes += piece.length;
  }

  end(annotations: Pairs): BenchBlob {
    closeSync(this.#file);
    const digest = `sha256:${this.#hash.digest('hex')}`;
    return { path: this.#path, digest, sizeBytes: this.sizeBytes, annotations };
  }
}

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** The same files with the table of contents of eStargz or zstd:chunked behind them. */
function addFiles(blob: BlobFile, compress: (bytes: Buffer) => Buffer): Buffer {
  const entries: string[] = [];
  for (const file of benchFiles()) {
    blob.add(compress(headerOf(file)));
    const offset = blob.sizeBytes;
    blob.add(compress(padded(file.content)));
    const digest = sha256(file.content);
    const { length: size } = file.content;
    const entry = { name: file.path, type: 'reg', size, modtime: '2026-01-05T08:00:00Z', mode: 420, offset };
    entries.push(JSON.stringify({ ...entry, endOffset: blob.sizeBytes, digest, chunkDigest: digest }));
  }
  return Buffer.from(`{"version":1,"entries":[${entries.join(',')}]}`);
}

export function makeEstargzLayer(folder: string): BenchBlob {
  const blob = new BlobFile(join(folder, 'layer.estargz'));
  const compress = (bytes: Buffer) => gzipSync(bytes, { level: 1 });
  const toc = addFiles(blob, compress);
  const offset = blob.sizeBytes;
  const header = rawHeader({ name: 'stargz.index.json', size: octal(toc.length) });
  blob.add(compress(Buffer.concat([header, padded(toc), END])));
  const extra = Buffer.from(`SG\u0016\u0000${offset.toString(16).padStart(16, '0')}STARGZ`, 'latin1');
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, extra.length, 0]);
  const empty = Buffer.from([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
  blob.add(Buffer.concat([head, extra, empty]));
  return blob.end([['containerd.io/snapshot/stargz/toc.digest', sha256(toc)]]);
}

export function makeZstdChunkedLayer(folder: string): BenchBlob {
  const blob = new BlobFile(join(folder, 'layer.zstd-chunked'));
  const toc = addFiles(blob, (bytes) => zstdCompressSync(bytes));
  blob.add(zstdCompressSync(END));
  const packed = zstdCompressSync(toc);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x18_4d_2a_50, 0);
  head.writeUInt32LE(packed.length, 4);
  blob.add(head);
  const position = `${blob.sizeBytes}:${packed.length}:${toc.length}:1`;
  blob.add(packed);
  return blob.end([
    ['io.github.containers.zstd-chunked.manifest-checksum', sha256(packed)],
    ['io.github.containers.zstd-chunked.manifest-position', position],
  ]);
}
