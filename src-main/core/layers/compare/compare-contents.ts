import { createHash } from 'node:crypto';
import { RegistryError } from '../../registry/transport/registry-error.ts';
import type { FoundFile, OpenedImage } from '../opened/opened-image.ts';

const LIMIT_BYTES = 1024 ** 3;

export type ComparedContents = { readonly isSame: boolean; readonly leftSha256: string; readonly rightSha256: string };

export type ContentsOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of both files. */
  readonly onProgress?: (progress: { readonly readBytes: number; readonly totalBytes: number }) => void;
};

/**
 * Reads the file of one path on both sides and compares every byte. @throws {FilesError} as `findFile`; {RegistryError}
 * `too-large` above 1 GiB, and what reading fails with
 */
export async function compareContents(
  left: OpenedImage,
  right: OpenedImage,
  path: string,
  { signal, onProgress }: ContentsOptions = {},
): Promise<ComparedContents> {
  const files = [await fileAt(left, path, signal), await fileAt(right, path, signal)] as const;
  const totalBytes = files[0].sizeBytes + files[1].sizeBytes;
  const tell = (readBytes: number): void => onProgress?.({ readBytes, totalBytes });
  tell(0);
  const leftSha256 = await hash(left, files[0], signal, tell);
  const rightSha256 = await hash(right, files[1], signal, (readBytes) => tell(files[0].sizeBytes + readBytes));
  return { isSame: leftSha256 === rightSha256, leftSha256, rightSha256 };
}

async function fileAt(image: OpenedImage, path: string, signal: AbortSignal | undefined): Promise<FoundFile> {
  const file = await image.findFile({ kind: 'merged', deleted: false }, path, signal);
  if (file.sizeBytes > LIMIT_BYTES)
    throw new RegistryError({ kind: 'too-large', limitBytes: LIMIT_BYTES, what: 'file' });
  return file;
}

async function hash(
  image: OpenedImage,
  { entry }: FoundFile,
  signal: AbortSignal | undefined,
  tell: (readBytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  let readBytes = 0;
  const { stream } = await image.readFile(entry, signal);
  for await (const chunk of stream) {
    hash.update(chunk);
    readBytes += chunk.length;
    tell(readBytes);
  }
  return hash.digest('hex');
}
