import type { KeptFile, LayerFiles } from './layer-files.ts';

/** How much is kept, for whoever sets the limit. */
export type KeptStats = { readonly limitBytes: number; readonly totalBytes: number; readonly blobBytes: number };

/**
 * The limit on what is kept. Blobs go first, those not used for the longest time before others: what is small and spares
 * reading them (indexes, seek points) stays as long as it takes no more than half.
 */
export class KeptSpace {
  readonly #files: LayerFiles;
  #limitBytes: number;
  /** For blobs that are being written. */
  #reservedBytes = 0;
  #trimming: Promise<void> = Promise.resolve();

  constructor(files: LayerFiles, limitBytes: number) {
    this.#files = files;
    this.#limitBytes = limitBytes;
  }

  get keepsAnything(): boolean {
    return this.#limitBytes > 0;
  }

  /** At once; what is over goes. */
  async setLimit(bytes: number): Promise<void> {
    this.#limitBytes = bytes;
    await this.trim();
  }

  /** True when a blob of that size may be kept beside half a limit of small files. */
  fits(bytes: number): boolean {
    return bytes <= this.#limitBytes / 2;
  }

  /** Makes room for a blob, and holds it until it is released; undefined when it is too large to be kept. */
  async reserve(bytes: number): Promise<{ release(): void } | undefined> {
    if (!this.fits(bytes) || this.#reservedBytes + bytes > this.#limitBytes) return undefined;
    this.#reservedBytes += bytes;
    await this.trim();
    let isHeld = true;
    return {
      release: () => {
        if (isHeld) this.#reservedBytes -= bytes;
        isHeld = false;
      },
    };
  }

  /** Deletes what is over the limit. One at a time; a failing disk is for the next reader to find. */
  async trim(): Promise<void> {
    this.#trimming = this.#trimming.then(() => this.#trimNow()).catch(() => undefined);
    await this.#trimming;
  }

  async stats(): Promise<KeptStats> {
    const files = await this.#files.list();
    const blobs = files.filter(({ kind }) => kind === 'blob');
    return { limitBytes: this.#limitBytes, totalBytes: sum(files), blobBytes: sum(blobs) };
  }

  async #trimNow(): Promise<void> {
    const files = [...(await this.#files.list())].sort((a, b) => a.usedAtMs - b.usedAtMs);
    const blobs = files.filter(({ kind }) => kind === 'blob');
    const small = files.filter(({ kind }) => kind !== 'blob');
    const limit = Math.max(0, this.#limitBytes - this.#reservedBytes);
    const smallLimit = Math.min(limit, this.#limitBytes / 2);
    const smallLeft = await this.#deleteOldest(small, smallLimit);
    const blobsLeft = await this.#deleteOldest(blobs, limit - smallLeft);
    if (smallLeft + blobsLeft < sum(files)) await this.#files.deleteStrayNotes();
  }

  /** Gives what is left. */
  async #deleteOldest(files: readonly KeptFile[], limitBytes: number): Promise<number> {
    let total = sum(files);
    for (const { name, sizeBytes } of files) {
      if (total <= limitBytes) break;
      await this.#files.deleteNamed(name);
      total -= sizeBytes;
    }
    return total;
  }
}

function sum(files: readonly KeptFile[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
