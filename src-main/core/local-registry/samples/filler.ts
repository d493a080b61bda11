import { createHash } from 'node:crypto';

/** Bytes that look like machine code to a compressor, the same for the same seed everywhere. */
export function fillerBytes(seed: string, sizeBytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; counter * 32 < sizeBytes; counter++) {
    const block = createHash('sha256').update(`${seed}/${counter}`).digest();
    // Real code compresses to about half: every other block repeats an earlier one.
    blocks.push(counter % 2 === 0 ? block : (blocks[counter >> 2] ?? block));
  }
  return Buffer.concat(blocks).subarray(0, sizeBytes);
}

const ELF_MACHINE: Readonly<Record<string, number>> = {
  amd64: 62,
  arm64: 183,
  arm: 40,
  '386': 3,
  s390x: 22,
  ppc64le: 21,
};

/** A file that `file(1)` calls an ELF executable for this architecture. It is not meant to run. */
export function fillerExecutable(seed: string, architecture: string, sizeBytes: number): Buffer {
  const bytes = fillerBytes(`${seed}/${architecture}`, sizeBytes);
  const is64 = !['arm', '386'].includes(architecture);
  bytes.set([
    0x7f,
    0x45,
    0x4c,
    0x46,
    is64 ? 2 : 1,
    1,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    3,
    0,
    ELF_MACHINE[architecture] ?? 0,
    0,
  ]);
  return bytes;
}

/** A file that begins like a Windows program. */
export function fillerPortableExecutable(seed: string, sizeBytes: number): Buffer {
  const bytes = fillerBytes(seed, sizeBytes);
  bytes.set([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xff, 0xff, 0, 0]);
  return bytes;
}

const WORDS =
  'request layer cache value index stream buffer socket module config service handler table queue signal parser record filter worker session'.split(
    ' ',
  );

/** Lines of source-like text. */
export function fillerText(seed: string, lines: number): string {
  const bytes = fillerBytes(seed, lines * 6);
  const word = (at: number) => WORDS[(bytes[at] ?? 0) % WORDS.length] ?? 'value';
  return Array.from({ length: lines }, (_, line) => {
    const at = line * 6;
    return `export const ${word(at)}${line} = ${word(at + 1)}.${word(at + 2)}(${word(at + 3)}, '${word(at + 4)}', ${bytes[at + 5]});`;
  }).join('\n');
}
