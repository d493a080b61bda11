import { createHash } from 'node:crypto';
import { type TarEntry, writeTar } from '#main/core/local-registry/image-builder/tar.ts';

/** Bytes that are the same every time, of which a part is noise, so that they compress about as well as programs do. */
export function mixedBytes(seed: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, `${seed} some text that comes again and again; `);
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) | 1;
  for (let at = 0; at + 4 <= sizeBytes; at += at % 64 === 28 ? 36 : 4) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state, at);
  }
  return bytes;
}

/** The tar of a layer with that many files of that size. */
export function bigTar(
  files: number,
  fileBytes: number,
): { readonly tar: Buffer; readonly entries: readonly TarEntry[] } {
  const entries = Array.from({ length: files }, (_, index): TarEntry => {
    const path = `srv/data/${String(index).padStart(6, '0')}.bin`;
    return { path, type: 'file', content: mixedBytes(path, fileBytes) };
  });
  return { tar: writeTar(entries), entries };
}
