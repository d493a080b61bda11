import { createHash } from 'node:crypto';
import { RegistryError } from '../../registry/transport/registry-error.ts';
import type { FoundFile, OpenedImage } from '../opened/opened-image.ts';

const LIMIT_BYTES = 1024 ** 3;

export type ComparedContents = { readonly isSame: boolean; readonly leftSha256: string; readonly rightSha256: string };

/**
 * Reads the file of one path on both sides and compares every byte. @throws {FilesError} as `findFile`; {RegistryError}
 * `too-large` above 1 GiB, and what reading fails with
 */
export async function compareContents(
  left: OpenedImage,
  right: OpenedImage,
  path: string,
  signal?: AbortSignal,
): Promise<ComparedContents> {
  const [leftSha256, rightSha256] = [await hashAt(left, path, signal), await hashAt(right, path, signal)];
  return { isSame: leftSha256 === rightSha256, leftSha256, rightSha256 };
}

async function hashAt(image: OpenedImage, path: string, signal: AbortSignal | undefined): Promise<string> {
  const file: FoundFile = await image.findFile({ kind: 'merged', deleted: false }, path, signal);
  if (file.sizeBytes > LIMIT_BYTES)
    throw new RegistryError({ kind: 'too-large', limitBytes: LIMIT_BYTES, what: 'file' });
  const hash = createHash('sha256');
  const { stream } = await image.readFile(file.entry, signal);
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
