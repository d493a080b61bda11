const BLOCK = 512;

/** A header block whose every field can be what it should not be. Texts are Latin-1 and cut to their field. */
export type RawHeader = {
  readonly name?: string;
  readonly mode?: string | Uint8Array;
  readonly uid?: string | Uint8Array;
  readonly gid?: string | Uint8Array;
  readonly size?: string | Uint8Array;
  readonly mtime?: string | Uint8Array;
  readonly typeFlag?: string;
  readonly linkName?: string;
  readonly magic?: string;
  readonly userName?: string;
  readonly groupName?: string;
  readonly major?: string | Uint8Array;
  readonly minor?: string | Uint8Array;
  readonly prefix?: string;
  /** Bytes at an offset, over all others. */
  readonly patch?: readonly [offset: number, bytes: Uint8Array];
  /** In place of the right one. */
  readonly checksum?: string;
};

export const MAGIC = { ustar: 'ustar\u000000', gnu: 'ustar  \u0000', v7: '' } as const;

/** A number as tar writes it. */
export function octal(value: number, length = 12): string {
  return `${value.toString(8).padStart(length - 1, '0')}\u0000`;
}

/** GNU's base-256, negative numbers too. */
export function base256(value: bigint, length = 12): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = value < 0n ? 0xff : 0x80;
  return bytes;
}

export function rawHeader(fields: RawHeader = {}): Buffer {
  const block = Buffer.alloc(BLOCK);
  const put = (value: string | Uint8Array, offset: number, length: number) => {
    Buffer.from(typeof value === 'string' ? Buffer.from(value, 'latin1') : value).copy(block, offset, 0, length);
  };
  for (const [field, [offset, length, usual]] of Object.entries(PLACES)) {
    put(fields[field as keyof typeof PLACES] ?? usual, offset, length);
  }
  block.fill(' ', 148, 156);
  if (fields.patch !== undefined) put(fields.patch[1], fields.patch[0], BLOCK);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(fields.checksum ?? `${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 8);
  return block;
}

/** Where each field is, how long, and what is usual. */
const PLACES = {
  name: [0, 100, 'file'],
  mode: [100, 8, octal(0o644, 8)],
  uid: [108, 8, octal(0, 8)],
  gid: [116, 8, octal(0, 8)],
  size: [124, 12, octal(0)],
  mtime: [136, 12, octal(1_700_000_000)],
  typeFlag: [156, 1, '0'],
  linkName: [157, 100, ''],
  magic: [257, 8, MAGIC.ustar],
  userName: [265, 32, ''],
  groupName: [297, 32, ''],
  major: [329, 8, ''],
  minor: [337, 8, ''],
  prefix: [345, 155, ''],
} as const;

/** A record of a PAX header; its length is the right one unless it is given. */
export function paxRecord(key: string, value: string | Uint8Array, length?: number): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let size = rest.length + 1;
  while (String(size).length + rest.length !== size) size = String(size).length + rest.length;
  return Buffer.concat([Buffer.from(String(length ?? size)), rest]);
}

/** Content and what fills its last block up. */
export function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

/** A header with its content. */
export function rawEntry(fields: RawHeader, content: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([rawHeader({ size: octal(content.length), ...fields }), padded(content)]);
}

/** PAX records in front of what follows; `g` for all that follows. */
export function rawPax(records: readonly Uint8Array[], typeFlag: 'x' | 'g' = 'x'): Buffer {
  return rawEntry({ name: 'PaxHeaders/x', typeFlag }, Buffer.concat(records));
}

/** A GNU long name (`L`) or long link target (`K`). */
export function rawLong(text: string | Uint8Array, typeFlag: 'L' | 'K' = 'L'): Buffer {
  const content = Buffer.concat([Buffer.from(text), Buffer.alloc(1)]);
  return rawEntry({ name: '././@LongLink', typeFlag, magic: MAGIC.gnu }, content);
}

export const END: Buffer = Buffer.alloc(2 * BLOCK);
