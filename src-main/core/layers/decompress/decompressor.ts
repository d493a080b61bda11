import { GantryError } from '../../gantry-error.ts';

/** The compressed data is broken off or damaged from here on. */
export class DecompressError extends GantryError {
  override readonly name = 'DecompressError';
  readonly kind = 'decompress';
  readonly reason: 'truncated' | 'bad-compression';

  constructor(reason: 'truncated' | 'bad-compression', detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
  }
}

/** Takes the bytes of a blob in order and hands on what is in them. */
export type Decompressor = {
  /** Resolves when the chunk is no longer needed. @throws {DecompressError} */
  write(chunk: Buffer): Promise<void>;
  /** Resolves when all output has been handed on. @throws {DecompressError} `truncated` */
  end(): Promise<{ readonly hasGarbage: boolean }>;
  /** Frees what it holds; nothing is handed on after it. */
  destroy(): void;
};

/** Called with each piece of output. What it throws ends the decompression and comes out of `write` or `end`. */
export type Output = (bytes: Buffer) => void;
