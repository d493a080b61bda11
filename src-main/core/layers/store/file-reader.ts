import { DecompressError } from '../decompress/decompressor.ts';
import { FilesError } from '../files-error.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import type { StoredIndex } from '../index/stored-index.ts';
import type { LayerEntry } from '../layer-entry.ts';
import type { FileInTurn, FilePreview, LayerFile } from '../open-layer.ts';
import type { PublishedKeeper } from '../published/published-keeper.ts';
import { expandSparse, readStart, streamOf } from './file-bytes.ts';
import { cutRun, type Place, toRuns } from './file-runs.ts';
import type { OpenCall } from './layer-opener.ts';
import { openRemoteRange } from './remote-range.ts';
import type { TarBytes, TarReader } from './tar-reader.ts';

const MAX_PREVIEW_BYTES = 1024 * 1024;
const MAX_LINKS = 64;

type Sources = {
  readonly index: StoredIndex;
  readonly call: OpenCall;
  readonly tar: TarReader;
  readonly published: PublishedKeeper;
};

/** The files of one layer. */
export class FileReader {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async read(order: number, signal?: AbortSignal): Promise<LayerFile> {
    const ending = new AbortController();
    const either = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
    const file = await this.#open(this.#fileAt(order), either);
    file.stream.once('close', () => ending.abort());
    return file;
  }

  /** Several files, in runs of those that lie near to one another in the tar. */
  async *readInTurn(orders: readonly number[], signal?: AbortSignal): AsyncGenerator<FileInTurn, void, void> {
    const ending = new AbortController();
    const either = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
    try {
      for (const run of toRuns(orders.map((order) => this.#placeOf(order)))) {
        const [first] = run;
        const last = run.at(-1);
        if (first?.start === undefined || last?.end === undefined) yield* this.#oneByOne(run, either);
        else {
          const { bytes } = await this.#sources.tar.read(this.#sources.call, first.start, last.end, either);
          yield* cutRun(bytes, run, first.start);
        }
      }
    } finally {
      ending.abort();
    }
  }

  /** Where a file lies in the tar, when it lies there as it is. */
  #placeOf(order: number): Place {
    const { index } = this.#sources;
    const { offset, sizeBytes, path } = this.#fileAt(order);
    const { storedBytes, sparseMap } = index.extraOf(order) ?? {};
    const isPlain = index.origin === 'verified' && storedBytes === undefined && sparseMap === undefined;
    if (!isPlain || offset === undefined) return { order, path };
    return { order, path, start: offset, end: offset + sizeBytes };
  }

  async *#oneByOne(run: readonly Place[], signal: AbortSignal): AsyncGenerator<FileInTurn, void, void> {
    for (const { order } of run) {
      const { stream } = await this.read(order, signal);
      try {
        yield { order, bytes: stream };
      } finally {
        stream.destroy();
      }
    }
  }

  async isAtHand(signal?: AbortSignal): Promise<boolean> {
    const { index, tar, call } = this.#sources;
    return index.origin === 'verified' && (await tar.isAtHand(call, signal));
  }

  async preview(order: number, limitBytes: number, signal?: AbortSignal): Promise<FilePreview> {
    if (!Number.isSafeInteger(limitBytes) || limitBytes < 0 || limitBytes > MAX_PREVIEW_BYTES) {
      throw new InvalidInputError('limitBytes', `a preview has at most ${MAX_PREVIEW_BYTES} bytes`);
    }
    const { stream, sizeBytes, verification } = await this.read(order, signal);
    const bytes = await readStart(stream, limitBytes);
    return { bytes, isWhole: bytes.length === sizeBytes, sizeBytes, verification };
  }

  async #open(entry: LayerEntry, signal: AbortSignal): Promise<LayerFile> {
    signal.throwIfAborted();
    const { sizeBytes } = entry;
    const isPublished = this.#sources.index.origin === 'published-index';
    const { bytes, verification } = isPublished ? this.#published(entry, signal) : await this.#stored(entry, signal);
    return { sizeBytes, verification, stream: streamOf(bytes) };
  }

  /** From the tar, as the index that was made of it says. */
  async #stored({ sizeBytes, order, offset, path }: LayerEntry, signal: AbortSignal): Promise<TarBytes> {
    const { index, tar, call } = this.#sources;
    if (sizeBytes === 0) return { bytes: nothing(), verification: 'verified' };
    if (offset === undefined) throw new FilesError('no-content', path);
    const { storedBytes = sizeBytes, sparseMap } = index.extraOf(order) ?? {};
    const { bytes, verification } = await tar.read(call, offset, offset + storedBytes, signal);
    const stored = exactly(bytes, storedBytes, path);
    return { bytes: sparseMap === undefined ? stored : expandSparse(stored, sparseMap, sizeBytes), verification };
  }

  /** As a published index says. */
  #published(entry: LayerEntry, signal: AbortSignal): TarBytes {
    const { index, published, call } = this.#sources;
    const { sizeBytes, path } = entry;
    const found = sizeBytes === 0 ? { isChecked: true, read: nothing } : published.contentOf(index)?.find(entry);
    if (found === undefined) throw new FilesError('no-content', path);
    const bytes = exactly(found.read(openRemoteRange(call, signal)), sizeBytes, path);
    const isToBelieve = found.isChecked && index.published?.isVouched === true;
    return { bytes, verification: isToBelieve ? 'by-published-index' : 'unverified' };
  }

  /** Hard links are followed: each names something that came before it. */
  #fileAt(order: number): LayerEntry {
    const { index } = this.#sources;
    if (!Number.isSafeInteger(order) || order < 0 || order >= index.entryCount) {
      throw new FilesError('no-such-path', String(order));
    }
    let entry: LayerEntry | undefined = index.entryAt(order);
    for (let hops = 0; entry?.type === 'hardlink' && hops < MAX_LINKS; hops += 1) {
      entry = index.find(entry.linkTarget ?? '');
    }
    if (entry === undefined) throw new FilesError('no-content', String(order));
    if (entry.type !== 'file') throw new FilesError('not-a-file', entry.path);
    return entry;
  }
}

/** The last file of a layer that breaks off has not all of its bytes. */
async function* exactly(bytes: AsyncIterable<Buffer>, count: number, path: string): AsyncGenerator<Buffer, void, void> {
  let left = count;
  try {
    for await (const piece of bytes) {
      left -= piece.length;
      yield piece;
    }
  } catch (cause) {
    throw cause instanceof DecompressError ? new FilesError('no-content', path, { cause }) : cause;
  }
  if (left > 0) throw new FilesError('no-content', path);
}

async function* nothing(): AsyncGenerator<Buffer, void, void> {
  // An empty file.
}
