import { createHash } from 'node:crypto';
import { SniffingDecompressor } from '../decompress/create-decompressor.ts';
import { DecompressError } from '../decompress/decompressor.ts';
import { freePiece } from '../decompress/free-piece.ts';
import type { IndexColumns } from '../index/columns.ts';
import { IndexBuilder } from '../index/index-builder.ts';
import type { IncompleteReason, LayerCompleteness, LayerIndex, LayerRemark } from '../layer-entry.ts';
import type { LayerLimits } from '../limits.ts';
import { TarScanner } from '../tar/scanner.ts';
import { TarProblem } from '../tar/tar-problem.ts';

/** What was learnt of a layer from its bytes; whether they are the right bytes is not known here. */
export type ScanResult = Pick<LayerIndex, 'completeness' | 'remarks' | 'entryCount' | 'tarBytes' | 'diffId'>;

/** Raised inside, when a bound is met. */
class LimitReached extends Error {
  readonly reason: IncompleteReason;

  constructor(reason: IncompleteReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/**
 * Decompresses a layer, hashes what is in it and lists it, chunk by chunk. Whatever is wrong with the layer ends the
 * listing, never the scan: the rest of the blob may still be needed by whoever checks its digest.
 */
export class LayerScan {
  readonly #limits: LayerLimits;
  readonly #builder: IndexBuilder;
  readonly #scanner: TarScanner;
  readonly #decompressor: SniffingDecompressor;
  readonly #hash = createHash('sha256');
  /** Output that waits for its turn; see {@link LayerScan.write}. */
  readonly #ahead: Buffer[] = [];
  #stop: LayerCompleteness | undefined;
  inputBytes = 0;
  outputBytes = 0;

  constructor(limits: LayerLimits) {
    this.#limits = limits;
    this.#builder = new IndexBuilder(limits);
    this.#scanner = new TarScanner((member) => this.#builder.add(member), limits);
    this.#decompressor = new SniffingDecompressor((bytes) => this.#take(bytes));
  }

  get entryCount(): number {
    return this.#builder.entryCount;
  }

  /** The listing has ended early: more bytes change nothing. */
  get isStopped(): boolean {
    return this.#stop !== undefined;
  }

  /**
   * Resolves when the chunk is no longer needed. What came out of it last is hashed and listed a turn of the event loop
   * later, so that the pool can be at the next chunk meanwhile.
   */
  async write(chunk: Buffer): Promise<void> {
    if (this.isStopped) return;
    this.inputBytes += chunk.length;
    try {
      await this.#decompressor.write(chunk);
      // Output that is the chunk itself.
      if (!this.#isInflating) this.#readAhead();
    } catch (error) {
      this.#readAhead();
      this.#stopFor(error);
    }
  }

  get #isInflating(): boolean {
    return this.#decompressor.compression !== 'none';
  }

  async end(): Promise<{ readonly result: ScanResult; readonly columns: IndexColumns }> {
    const remarks: LayerRemark[] = [];
    try {
      if (!this.isStopped) await this.#finish(remarks);
    } catch (error) {
      this.#readAhead();
      this.#stopFor(error);
    }
    const isWhole = this.#stop === undefined;
    const result = {
      completeness: this.#stop ?? { isComplete: true as const },
      remarks,
      entryCount: this.entryCount,
      tarBytes: isWhole ? this.outputBytes : undefined,
      diffId: isWhole ? `sha256:${this.#hash.digest('hex')}` : undefined,
    };
    return { result, columns: this.#builder.build() };
  }

  async #finish(remarks: LayerRemark[]): Promise<void> {
    const { hasGarbage } = await this.#decompressor.end();
    this.#readAhead();
    if (this.isStopped) return;
    if (hasGarbage) remarks.push('trailing-garbage');
    const { hasEnd, hasMore } = this.#scanner.end();
    if (!hasEnd) remarks.push('no-end-of-archive');
    if (hasMore) remarks.push('content-after-end');
  }

  #take(bytes: Buffer): void {
    this.outputBytes += bytes.length;
    const { maxOutputBytes, maxRatio, minRatioBytes } = this.#limits;
    if (this.outputBytes > maxOutputBytes) throw new LimitReached('output-limit', `more than ${maxOutputBytes} bytes`);
    if (this.outputBytes > minRatioBytes && this.outputBytes > this.inputBytes * maxRatio) {
      throw new LimitReached('ratio-limit', `more than ${maxRatio} times its compressed size`);
    }
    if (this.#ahead.push(bytes) === 1 && this.#isInflating) setImmediate(() => this.#readAhead());
  }

  /** Hashes and lists what waits. */
  #readAhead(): void {
    try {
      for (const bytes of this.#ahead) {
        if (this.isStopped) return;
        this.#hash.update(bytes);
        this.#scanner.push(bytes);
        if (this.#isInflating) freePiece(bytes);
      }
    } catch (error) {
      this.#stopFor(error);
    } finally {
      this.#ahead.length = 0;
    }
  }

  #stopFor(error: unknown): void {
    this.#decompressor.destroy();
    if (error instanceof LimitReached || error instanceof TarProblem || error instanceof DecompressError) {
      this.#stop ??= { isComplete: false, reason: error.reason, detail: error.message };
      return;
    }
    throw error;
  }
}
