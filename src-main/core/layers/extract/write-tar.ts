import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import { padding } from '../../tar/write-header.ts';
import type { OpenedImage } from '../opened/opened-image.ts';
import type { Flattened } from './flatten.ts';
import { toTarHeader } from './tar-entry.ts';

/** About as many bytes as the tar will have: headers that need more than a block are not counted. */
export function tarBytesOf({ stack: { entries } }: OpenedImage, flattened: Flattened): number {
  const blocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  return flattened.entries.reduce(
    (sum, { type, entry }) => sum + BLOCK_BYTES + (type === 'file' ? blocks(entries.sizeOf(entry)) : 0),
    2 * BLOCK_BYTES,
  );
}

/** The tar of a flattened file system, piece by piece. @throws {FilesError} `no-content`; {RegistryError} */
export async function* writeTar(
  image: OpenedImage,
  { entries: flat }: Flattened,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  const { entries } = image.stack;
  const hasBytes = ({ type, entry }: Flattened['entries'][number]): boolean =>
    type === 'file' && entries.sizeOf(entry) > 0;
  const contents = image.readInTurn(
    flat.filter(hasBytes).map(({ entry }) => entry),
    signal,
  );
  try {
    for (const one of flat) {
      signal.throwIfAborted();
      yield toTarHeader(image.stack, one);
      if (!hasBytes(one)) continue;
      const next = await contents.next();
      if (next.done === true) return;
      yield* next.value.bytes;
      yield padding(entries.sizeOf(one.entry));
    }
    yield Buffer.alloc(2 * BLOCK_BYTES);
  } finally {
    await contents.return();
  }
}
