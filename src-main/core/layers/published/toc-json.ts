import { createHash } from 'node:crypto';
import { type Decompressor, DecompressError } from '../decompress/decompressor.ts';
import { Gunzip } from '../decompress/gzip.ts';
import { Unzstd } from '../decompress/zstd.ts';
import { MAX_TOC_JSON_BYTES } from '../limits.ts';
import { TarScanner } from '../tar/scanner.ts';
import type { PublishedToc } from './find-published.ts';

/** What comes of it is taken piece by piece, however much it is. */
const FEED_BYTES = 256 * 1024;
const TOC_NAME = 'stargz.index.json';

/**
 * Decompresses a published table piece by piece and checks that it is the one that the manifest vouches for. What was
 * made of the pieces may be used only after this has resolved.
 * @throws {DecompressError} `bad-compression`
 */
export async function readTocJson(bytes: Buffer, toc: PublishedToc, take: (json: Buffer) => void): Promise<void> {
  const json = new BoundedJson(take);
  if (toc.format === 'estargz') {
    await readTar(bytes, json);
    if (json.digest() !== toc.digest) throw new DecompressError('bad-compression', 'another table than is promised');
    return;
  }
  if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== toc.digest) {
    throw new DecompressError('bad-compression', 'another table than is promised');
  }
  await feed(new Unzstd((piece) => json.add(piece)), bytes);
}

/** Spec: eStargz, "TOC": a tar of one file, in gzip. */
async function readTar(bytes: Buffer, json: BoundedJson): Promise<void> {
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
  };
  await feed(new Gunzip(output), bytes);
}

async function feed(decompressor: Decompressor, bytes: Buffer): Promise<void> {
  try {
    for (let at = 0; at < bytes.length; at += FEED_BYTES) {
      await decompressor.write(bytes.subarray(at, at + FEED_BYTES));
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
