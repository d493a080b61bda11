import { DecompressError } from '../decompress/decompressor.ts';
import { FilesError } from '../files-error.ts';
import type { FileInTurn } from '../open-layer.ts';

/** A file and where it lies in the tar; without `start` and `end` it has to be read by itself. */
export type Place = { readonly order: number; readonly path: string; readonly start?: number; readonly end?: number };

/** Reading over so much takes no longer than beginning anew. */
const MAX_GAP_BYTES = 8 * 1024 * 1024;

/** Parts a list, in its order, where a file does not follow soon after the one before. */
export function toRuns(places: readonly Place[]): readonly (readonly Place[])[] {
  const runs: Place[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && follows(last, place)) run.push(place);
    else runs.push([place]);
  }
  return runs;
}

function follows(last: Place, next: Place): boolean {
  if (last.end === undefined || next.start === undefined) return false;
  return next.start >= last.end && next.start - last.end <= MAX_GAP_BYTES;
}

/** Cuts the files of a run out of its bytes, which begin at `start`. */
export async function* cutRun(
  source: AsyncGenerator<Buffer, void, void>,
  run: readonly Place[],
  start: number,
): AsyncGenerator<FileInTurn, void, void> {
  const cursor = new ByteCursor(source, start);
  try {
    for (const { order, path, start: from = start, end = from } of run) {
      await drain(cursor.takeUpTo(from, path));
      const bytes = cursor.takeUpTo(end, path);
      yield { order, bytes };
      await drain(bytes);
    }
  } finally {
    await source.return();
  }
}

async function drain(bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of bytes) void piece;
}

class ByteCursor {
  readonly #source: AsyncGenerator<Buffer, void, void>;
  #rest: Buffer = Buffer.alloc(0);
  #position: number;

  constructor(source: AsyncGenerator<Buffer, void, void>, position: number) {
    this.#source = source;
    this.#position = position;
  }

  async *takeUpTo(end: number, path: string): AsyncGenerator<Buffer, void, void> {
    while (this.#position < end) {
      if (this.#rest.length === 0) this.#rest = await this.#next(path);
      const piece = this.#rest.subarray(0, end - this.#position);
      this.#rest = this.#rest.subarray(piece.length);
      this.#position += piece.length;
      yield piece;
    }
  }

  /** The last file of a layer that breaks off has not all of its bytes. */
  async #next(path: string): Promise<Buffer> {
    try {
      const next = await this.#source.next();
      if (next.done !== true) return next.value;
    } catch (cause) {
      throw cause instanceof DecompressError ? new FilesError('no-content', path, { cause }) : cause;
    }
    throw new FilesError('no-content', path);
  }
}
