import type { Readable } from 'node:stream';

type Call = { readonly signal: AbortSignal };

/**
 * The regular files of an archive or a folder, by names of `entryPath`. Nothing else can be reached through it.
 * Every method rejects with an `ArchiveError` or a `DiskError`, and with the signal's reason when aborted.
 */
export type ArchiveFiles = {
  /** What a person calls the archive. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Undefined when there is no such file. */
  sizeOf(path: string): Promise<number | undefined>;
  /** @throws {ArchiveError} `missing-blob`, `too-large` */
  readSmall(path: string, limitBytes: number, call: Call): Promise<Buffer>;
  /** From `startByte` to the end. @throws {ArchiveError} `missing-blob`, `changed` when it has become shorter */
  openFile(path: string, call: Call & { readonly startByte: number }): Promise<Readable>;
  close(): Promise<void>;
};
