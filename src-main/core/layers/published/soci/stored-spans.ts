import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { DamagedFileError } from '../../column-file/damaged-file-error.ts';
import type { Unpacked } from '../../column-file/format.ts';
import { DIGEST_BYTES, type SpanColumns, type SpanFacts, WINDOW_BYTES } from './span-columns.ts';

/** One part of the blob, from `start` to `end`; the last bits of the first byte may be all that belongs to it. */
export type StoredSpan = {
  readonly start: number;
  readonly end: number;
  readonly bits: number;
  readonly outputStart: number;
  readonly digest: Uint8Array;
};

const factsSchema = z.object({
  spans: z.object({ compression: z.enum(['gzip', 'none']), blobBytes: z.number(), tarBytes: z.number() }),
});

/** The spans of a layer. */
export class StoredSpans {
  readonly facts: SpanFacts;
  readonly #columns: SpanColumns;

  constructor(facts: SpanFacts, columns: SpanColumns) {
    this.facts = facts;
    this.#columns = columns;
  }

  /** The numbers of the spans that the bytes of the tar from `start` to `end` lie in, the last one included. */
  covering(start: number, end: number): readonly [first: number, last: number] {
    return [this.#holding(start), this.#holding(end - 1)];
  }

  at(span: number): StoredSpan {
    const { spanInputs, spanBits, spanOutputs, spanDigests } = this.#columns;
    const bits = spanBits[span] ?? 0;
    return {
      start: (spanInputs[span] ?? 0) - (bits === 0 ? 0 : 1),
      end: spanInputs[span + 1] ?? this.facts.blobBytes,
      bits,
      outputStart: spanOutputs[span] ?? 0,
      digest: spanDigests.subarray(span * DIGEST_BYTES, (span + 1) * DIGEST_BYTES),
    };
  }

  window(span: number): Buffer {
    const { spanWindows, spanWindowEnds } = this.#columns;
    const packed = spanWindows.subarray(span === 0 ? 0 : spanWindowEnds[span - 1], spanWindowEnds[span]);
    return packed.length === 0 ? Buffer.alloc(0) : inflateRawSync(packed, { maxOutputLength: WINDOW_BYTES });
  }

  #holding(output: number): number {
    const { spanOutputs } = this.#columns;
    let low = 0;
    let high = spanOutputs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spanOutputs[middle] ?? 0) <= output) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** What stands beside an index that was made of a ztoc. @throws {DamagedFileError} */
export function unpackSpans({ facts, u8, u32, f64 }: Unpacked): StoredSpans {
  const parsed = factsSchema.safeParse(facts);
  if (!parsed.success) throw new DamagedFileError('its facts are others');
  return new StoredSpans(parsed.data.spans, {
    spanInputs: f64('spanInputs'),
    spanBits: u8('spanBits'),
    spanOutputs: f64('spanOutputs'),
    spanDigests: u8('spanDigests'),
    spanWindows: u8('spanWindows'),
    spanWindowEnds: u32('spanWindowEnds'),
  });
}
