import { createHash } from 'node:crypto';
import { type Decompressor, DecompressError } from '../decompress/decompressor.ts';
import { freePiece } from '../decompress/free-piece.ts';
import { Gunzip } from '../decompress/gzip.ts';
import { Unzstd } from '../decompress/zstd.ts';
import { MAX_TOC_JSON_BYTES } from '../limits.ts';
import { TarScanner } from '../tar/scanner.ts';
import type { PublishedToc } from './find-published.ts';

/** So much goes into the decompressor at once, however much comes. */
const FEED_BYTES = 256 * 1024;
const TOC_NAME = 'stargz.index.json';

/**
 * Decompresses a published table piece by piece and checks that it is the one that the manifest vouches for. What was
 * made of the pieces may be used only after this has resolved.
 * @throws {DecompressError} `bad-compression`
 */
export async function readTocJson(
  pieces: AsyncIterable<Buffer>,
  toc: PublishedToc,
  take: (json: Buffer) => void,
): Promise<void> {
  const json = new BoundedJson(take);
  const digest = toc.format === 'estargz' ? await readTar(pieces, json) : await readZstd(pieces, json);
  if (digest !== toc.digest) throw new DecompressError('bad-compression', 'another table than is promised');
}

/** The digest of what is compressed. */
async function readZstd(pieces: AsyncIterable<Buffer>, json: BoundedJson): Promise<string> {
  const hash = createHash('sha256');
  const output = (piece: Buffer) => {
    json.add(piece);
    freePiece(piece);
  };
  await feed(new Unzstd(output), pieces, (piece) => hash.update(piece));
  return `sha256:${hash.digest('hex')}`;
}

/** The digest of the JSON. Spec: eStargz, "TOC": a tar of one file, in gzip. */
async function readTar(pieces: AsyncIterable<Buffer>, json: BoundedJson): Promise<string> {
  let position = 0;
  let file: { readonly start: number; readonly end: number } | undefined;
  const scanner = new TarScanner(
    (member) => {
      if (file !== undefined || Buffer.from(member.name).toString() !== TOC_NAME) return;
      file = { start: member.offset, end: member.offset + member.storedBytes };
    },
    { maxEntries: 2 },
  );
  const output = (piece: Buffer) => {
    scanner.push(piece);
    const { start = 0, end = 0 } = file ?? {};
    json.add(piece.subarray(Math.max(0, start - position), Math.max(0, end - position)));
    position += piece.length;
    freePiece(piece);
  };
  await feed(new Gunzip(output), pieces);
  return json.digest();
}

async function feed(
  decompressor: Decompressor,
  pieces: AsyncIterable<Buffer>,
  look?: (piece: Buffer) => void,
): Promise<void> {
  try {
    for await (const piece of pieces) {
      look?.(piece);
      for (let at = 0; at < piece.length; at += FEED_BYTES) {
        await decompressor.write(piece.subarray(at, at + FEED_BYTES));
      }
    }
    await decompressor.end();
  } finally {
    decompressor.destroy();
  }
}

class BoundedJson {
  readonly #take: (json: Buffer) => void;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(take: (json: Buffer) => void) {
    this.#take = take;
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#bytes += piece.length;
    if (this.#bytes > MAX_TOC_JSON_BYTES) throw new DecompressError('bad-compression', 'a table without end');
    this.#hash.update(piece);
    this.#take(piece);
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
