/** What the first bytes of a file are, read here and by no library. */
export type FileSummary =
  | {
      readonly kind: 'elf';
      readonly bits: 32 | 64;
      readonly byteOrder: 'little' | 'big';
      readonly machine: string;
      readonly type: string;
      readonly interpreter?: string;
    }
  | { readonly kind: 'json'; readonly root: 'object' | 'array' | 'value'; readonly keys: string[] }
  | { readonly kind: 'xml'; readonly rootElement: string; readonly doctype: boolean }
  | { readonly kind: 'script'; readonly interpreter: string };

const MAX_KEYS = 50;
const MAX_NAME = 255;
/** Larger JSON is shown as text alone: parsing it would hold everybody up. */
const MAX_JSON_BYTES = 256 * 1024;

/** Summarises a file by its first bytes; `isWhole` when they are all of it. Undefined for what is nothing of the kind. */
export function summariseFile(bytes: Buffer, isWhole: boolean): FileSummary | undefined {
  const elf = readElf(bytes);
  if (elf !== undefined) return elf;
  const start = bytes.toString('utf8', 0, 4096).replace(/^\uFEFF/, '');
  const interpreter = /^#![ \t]*([^\r\n]{1,255})/.exec(start)?.[1]?.trim();
  if (interpreter !== undefined && interpreter !== '') return { kind: 'script', interpreter };
  return readXml(start) ?? (isWhole ? readJson(bytes) : undefined);
}

// Spec: System V ABI, "ELF header"; numbers as in elf.h.
const MACHINES: ReadonlyMap<number, string> = new Map([
  [3, 'x86'],
  [8, 'MIPS'],
  [20, 'PowerPC'],
  [21, 'PowerPC 64'],
  [22, 'IBM S/390'],
  [40, 'ARM'],
  [62, 'x86-64'],
  [183, 'AArch64'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
]);
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'object file'],
  [2, 'executable'],
  [3, 'shared object'],
  [4, 'core dump'],
]);
const PT_INTERP = 3;
const MAX_SEGMENTS = 512;

function readElf(bytes: Buffer): FileSummary | undefined {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const isLittle = bytes[5] !== 2;
  const word = (at: number): number => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const bits = bytes[4] === 1 ? 32 : 64;
  const machine = word(18);
  const type = word(16);
  const interpreter = interpreterOf(bytes, bits, isLittle);
  return {
    kind: 'elf',
    bits,
    byteOrder: isLittle ? 'little' : 'big',
    machine: MACHINES.get(machine) ?? `machine ${machine}`,
    type: TYPES.get(type) ?? `type ${type}`,
    ...(interpreter === undefined ? {} : { interpreter }),
  };
}

/** The program that loads it, as far as that lies in the bytes that are here. */
function interpreterOf(bytes: Buffer, bits: 32 | 64, isLittle: boolean): string | undefined {
  const half = (at: number): number => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const int = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const address = (at: number): number =>
    bits === 32 ? int(at) : Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const table = address(bits === 32 ? 28 : 32);
  const entryBytes = half(bits === 32 ? 42 : 54);
  const count = Math.min(half(bits === 32 ? 44 : 56), MAX_SEGMENTS);
  for (let index = 0; index < count; index += 1) {
    const at = table + index * entryBytes;
    if (at + (bits === 32 ? 32 : 56) > bytes.length) return undefined;
    if (int(at) !== PT_INTERP) continue;
    const start = address(at + (bits === 32 ? 4 : 8));
    const end = start < bytes.length ? bytes.indexOf(0, start) : -1;
    return end === -1 || end - start > MAX_NAME ? undefined : bytes.toString('utf8', start, end);
  }
  return undefined;
}

function readJson(bytes: Buffer): FileSummary | undefined {
  const isLikely = /^\s*[{[]/.test(bytes.toString('latin1', 0, 64));
  if (!isLikely || bytes.length > MAX_JSON_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (Array.isArray(value)) return { kind: 'json', root: 'array', keys: [] };
    if (typeof value !== 'object' || value === null) return { kind: 'json', root: 'value', keys: [] };
    return {
      kind: 'json',
      root: 'object',
      keys: Object.keys(value)
        .slice(0, MAX_KEYS)
        .map((key) => key.slice(0, MAX_NAME)),
    };
  } catch {
    return undefined;
  }
}

/** The first element after declaration, comments and document type. Nothing is parsed, so no entity is ever resolved. */
function readXml(start: string): FileSummary | undefined {
  if (!/^\s*</.test(start)) return undefined;
  const hasDoctype = /<!DOCTYPE[\s>]/i.test(start);
  let at = 0;
  while (at !== -1 && at < start.length) {
    const open = start.indexOf('<', at);
    if (open === -1) return undefined;
    if (start.startsWith('<!--', open)) at = after(start, '-->', open);
    else if (start[open + 1] === '?' || start[open + 1] === '!') at = after(start, '>', open);
    else {
      const rootElement = /^<([A-Za-z_][\w.:-]{0,254})[\s/>]/.exec(start.slice(open, open + 300))?.[1];
      return rootElement === undefined ? undefined : { kind: 'xml', rootElement, doctype: hasDoctype };
    }
  }
  return undefined;
}

function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found === -1 ? -1 : found + end.length;
}
