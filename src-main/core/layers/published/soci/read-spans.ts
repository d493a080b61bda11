import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { RegistryError } from '../../../registry/transport/registry-error.ts';
import { DecompressError, type Decompressor, type Output } from '../../decompress/decompressor.ts';
import { Gunzip } from '../../decompress/gzip.ts';
import { bitPrefix } from '../../seek/bit-prefix.ts';
import type { OpenRange } from '../../seek/read-parts.ts';
import type { PublishedContent } from '../published-content.ts';
import type { StoredSpan, StoredSpans } from './stored-spans.ts';

/** So little that even a thousand times as much is not much. */
const FEED_BYTES = 16 * 1024;

/** Files as spans hold them; each span is checked before any of it is used. */
export function contentOfSpans(spans: StoredSpans): PublishedContent {
  return {
    find: ({ offset, sizeBytes }) =>
      offset === undefined
        ? undefined
        : { isChecked: true, read: (open) => readSpans(spans, offset, offset + sizeBytes, open) },
  };
}

/**
 * The bytes of the tar from `start` to `end`, by one request for the spans they lie in.
 * @throws {RegistryError} `digest-mismatch`, and what the range fails with
 */
async function* readSpans(
  spans: StoredSpans,
  start: number,
  end: number,
  open: OpenRange,
): AsyncGenerator<Buffer, void, void> {
  const [first, last] = spans.covering(start, end);
  const from = spans.at(first);
  const source = await open({ startByte: from.start, endByte: spans.at(last).end });
  const ready: Buffer[] = [];
  let position = from.outputStart;
  let decompressor: Decompressor | undefined;
  try {
    const reader = new SpanReader(source, from.start);
    for (let number = first; number <= last; number += 1) {
      const span = spans.at(number);
      const bytes = await reader.read(span);
      decompressor ??= begin(spans, first, bytes, (output) => ready.push(output));
      // The byte that two spans share was used with the first of them.
      const own = span.bits > 0 ? bytes.subarray(1) : bytes;
      for (let at = 0; at < own.length; at += FEED_BYTES) {
        await decompressor.write(own.subarray(at, at + FEED_BYTES));
        for (const output of ready.splice(0)) {
          const wanted = output.subarray(Math.max(0, start - position), Math.max(0, end - position));
          position += output.length;
          if (wanted.length > 0) yield wanted;
        }
        if (position >= end) return;
      }
    }
  } catch (error) {
    throw error instanceof DecompressError ? mismatch(from.digest, 'unreadable') : error;
  } finally {
    decompressor?.destroy();
    source.destroy();
  }
}

/** `bytes`: those of the first span. */
function begin(spans: StoredSpans, first: number, bytes: Buffer, output: Output): Decompressor {
  if (spans.facts.compression === 'none') {
    return {
      write: async (chunk) => output(chunk),
      end: () => Promise.resolve({ hasGarbage: false }),
      destroy: () => undefined,
    };
  }
  const { bits } = spans.at(first);
  const hold = bits === 0 ? 0 : (bytes[0] ?? 0) >> (8 - bits);
  return new Gunzip(output, { dictionary: spans.window(first), prefix: bitPrefix(bits, hold) });
}

/** Gives spans in their order, each whole and checked. Neighbours may have one byte in common. */
class SpanReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #position: number;

  constructor(source: Readable, position: number) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#position = position;
  }

  async read({ start, end, digest }: StoredSpan): Promise<Buffer> {
    const pieces = [this.#rest.subarray(start - this.#position)];
    let missing = end - this.#position - this.#rest.length;
    while (missing > 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw mismatch(digest, 'nothing');
      pieces.push(next.value);
      missing -= next.value.length;
    }
    const all = Buffer.concat(pieces);
    const bytes = all.subarray(0, end - start);
    const actual = createHash('sha256').update(bytes).digest();
    if (!actual.equals(digest)) throw mismatch(digest, `sha256:${actual.toString('hex')}`);
    const shared = Math.max(0, bytes.length - 1);
    this.#rest = all.subarray(shared);
    this.#position = start + shared;
    return bytes;
  }
}

function mismatch(expected: Uint8Array, actual: string): RegistryError {
  return new RegistryError({
    kind: 'digest-mismatch',
    expected: `sha256:${Buffer.from(expected).toString('hex')}`,
    actual,
  });
}
