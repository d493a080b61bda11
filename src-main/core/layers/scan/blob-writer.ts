import { type FileHandle, open } from 'node:fs/promises';

/** Keeps a blob as it comes by. A disk that fails costs the copy, not the reading of the layer. */
export class BlobWriter {
  readonly #file: Promise<FileHandle | undefined>;
  #isWhole = true;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#file = open(path, 'wx', 0o600).catch(() => undefined);
  }

  /** Resolves when the bytes are no longer needed; they are written after all that came before. */
  write(bytes: Uint8Array): Promise<void> {
    this.#last = this.#last.then(() => this.#write(bytes));
    return this.#last;
  }

  /** True when every byte is in the file. */
  async end(): Promise<boolean> {
    await this.#last;
    const file = await this.#file;
    try {
      await file?.close();
    } catch {
      return false;
    }
    return this.#isWhole && file !== undefined;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (!this.#isWhole) return;
    try {
      const file = await this.#file;
      if (file === undefined) this.#isWhole = false;
      // In one go; the promises API would cut it into pieces.
      else for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
    } catch {
      this.#isWhole = false;
    }
  }
}
