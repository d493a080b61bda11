import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DecompressError, type Decompressor, type Output } from '../decompress/decompressor.ts';
import { Gunzip } from '../decompress/gzip.ts';
import { Unzstd } from '../decompress/zstd.ts';
import { RegistryError } from '../../registry/transport/registry-error.ts';
import { PART_BYTES } from './seek-index.ts';
import type { ReadPlan, StoredSeek } from './stored-seek.ts';

/** So little that even a thousand times as much is not much: the bytes may be others than those that were verified. */
const FEED_BYTES = 16 * 1024;

/** Gives the bytes of a blob from `startByte` to `endByte`, at least. */
export type OpenRange = (range: Pick<ReadPlan, 'startByte' | 'endByte'>) => Promise<Readable>;

/**
 * The bytes of the tar from `start` to `end`, read from where decompression can begin, part by part. Nothing is given
 * that does not have the hash it had when the whole blob was verified.
 * @throws {RegistryError} `digest-mismatch`; what the range fails with
 */
export async function* readParts(
  seek: StoredSeek,
  start: number,
  end: number,
  open: OpenRange,
): AsyncGenerator<Buffer, void, void> {
  if (end <= start) return;
  const plan = seek.plan(start, end);
  let at = plan.firstPart * PART_BYTES;
  for await (const part of verifiedParts(seek, plan, open)) {
    const wanted = part.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += part.length;
    if (wanted.length > 0) yield wanted;
  }
}

async function* verifiedParts(seek: StoredSeek, plan: ReadPlan, open: OpenRange): AsyncGenerator<Buffer, void, void> {
  const queue = new PartQueue(plan.firstPart * PART_BYTES - plan.outputStart);
  const decompressor = create(plan, (bytes) => queue.add(bytes));
  const source = await open(plan);
  let part = plan.firstPart;
  const take = function* (): Generator<Buffer, void, void> {
    for (; part < plan.endPart; part += 1) {
      const bytes = queue.take(seek.partBytes(part));
      if (bytes === undefined) return;
      checkPart(bytes, seek.partHash(part));
      yield bytes;
    }
  };
  try {
    for await (const chunk of slices(source)) {
      await decompressor.write(chunk);
      yield* take();
      if (part === plan.endPart) return;
    }
    throw mismatch(seek.partHash(part), 'nothing');
  } catch (error) {
    // The blob as a whole was in order: its bytes are others now.
    throw error instanceof DecompressError ? mismatch(seek.partHash(part), 'unreadable') : error;
  } finally {
    decompressor.destroy();
    source.destroy();
  }
}

/** Output that waits to be a whole part. */
class PartQueue {
  #skipBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(skipBytes: number) {
    this.#skipBytes = skipBytes;
  }

  add(bytes: Buffer): void {
    const rest = bytes.subarray(Math.min(this.#skipBytes, bytes.length));
    this.#skipBytes -= bytes.length - rest.length;
    if (rest.length === 0) return;
    this.#pieces.push(rest);
    this.#bytes += rest.length;
  }

  take(length: number): Buffer | undefined {
    if (this.#bytes < length) return undefined;
    const all = this.#pieces.length === 1 ? (this.#pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#pieces);
    this.#pieces = [all.subarray(length)];
    this.#bytes -= length;
    return all.subarray(0, length);
  }
}

function create({ compression, resumed }: ReadPlan, output: Output): Decompressor {
  if (compression === 'gzip') return new Gunzip(output, resumed);
  if (compression === 'zstd') return new Unzstd(output);
  return {
    write: async (chunk) => output(chunk),
    end: () => Promise.resolve({ hasGarbage: false }),
    destroy: () => undefined,
  };
}

async function* slices(source: Readable): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of source) {
    const bytes: Buffer = chunk;
    for (let at = 0; at < bytes.length; at += FEED_BYTES) yield bytes.subarray(at, at + FEED_BYTES);
  }
}

function checkPart(bytes: Buffer, expected: Uint8Array): void {
  const actual = createHash('sha256').update(bytes).digest();
  if (!actual.equals(expected)) throw mismatch(expected, `sha256:${actual.toString('hex')}`);
}

function mismatch(expected: Uint8Array, actual: string): RegistryError {
  return new RegistryError({
    kind: 'digest-mismatch',
    expected: `sha256:${Buffer.from(expected).toString('hex')}`,
    actual,
  });
}
