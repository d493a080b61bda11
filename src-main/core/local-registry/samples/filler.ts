/** Bytes that compress to about half, like machine code; the same for the same seed on every machine. */
export function fillerBytes(seed: string, sizeBytes: number): Buffer {
  const next = createGenerator(seed);
  const words = Buffer.alloc(Math.ceil(sizeBytes / RUN) * RUN);
  for (let at = 0; at < words.length; at += RUN) {
    // Code repeats itself: every other run is a copy of an earlier one.
    const run = at / RUN;
    const earlier = (next() % Math.max(1, run)) * RUN;
    if (run % 2 === 1) words.copy(words, at, earlier, earlier + RUN);
    else for (let word = 0; word < RUN; word += 4) words.writeUInt32LE(next(), at + word);
  }
  return words.subarray(0, sizeBytes);
}

const RUN = 64;

/** A small generator of 32-bit numbers (mulberry32), started from a text. Looks random; protects nothing. */
function createGenerator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
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
