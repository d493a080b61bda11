import { Readable } from 'node:stream';
import type { SparseMap } from '../tar/sparse.ts';

const ZEROS = Buffer.alloc(64 * 1024);

/** What a sparse file expands to: the stored bytes where the map has them, and zeros. Holes cost nothing but time. */
export async function* expandSparse(
  stored: AsyncIterable<Buffer>,
  map: SparseMap,
  sizeBytes: number,
): AsyncGenerator<Buffer, void, void> {
  const source = stored[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  try {
    for (let index = 0; index < map.length; index += 2) {
      const offset = map[index] ?? 0;
      yield* zeros(offset - at);
      for (let left = map[index + 1] ?? 0; left > 0;) {
        if (rest.length === 0) {
          const next = await source.next();
          if (next.done === true) return;
          rest = next.value;
        }
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
      at = offset + (map[index + 1] ?? 0);
    }
    yield* zeros(sizeBytes - at);
  } finally {
    await source.return?.();
  }
}

function* zeros(count: number): Generator<Buffer, void, void> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}

/** A stream that makes no more than is read, and ends what is behind it when it is destroyed. */
export function streamOf(bytes: AsyncIterable<Buffer>): Readable {
  return Readable.from(bytes, { objectMode: false, highWaterMark: 256 * 1024 });
}

/** The first bytes of a stream, which is destroyed after them. */
export async function readStart(stream: Readable, limitBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const piece: Buffer = chunk;
    pieces.push(piece);
    length += piece.length;
    if (length >= limitBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, limitBytes);
}
