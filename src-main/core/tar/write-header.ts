import { BLOCK_BYTES, sumOf } from './header-fields.ts';

/** What a header is made of. Times, owners and modes have no defaults here: equal fields make equal bytes. */
export type HeaderFields = {
  readonly path: string;
  /** The type flag of POSIX: `0` file, `5` folder, … */
  readonly typeFlag: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly userName: string;
  readonly groupName: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  readonly linkTo?: string;
  /** Of a device: its numbers; 0 when absent. */
  readonly device?: readonly [major: number, minor: number];
  /** Records of a pax header in front, besides those that are needed for what ustar has no room for. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
};

/** The largest size that eleven octal digits hold: one byte less than 8 GiB. */
const MAX_OCTAL_SIZE = 0o77777777777;

/**
 * The blocks of a header: ustar, with a pax header before it where ustar has no room.
 * Spec: POSIX.1-2017, pax, "ustar Interchange Format", "pax Extended Header".
 */
export function writeHeader(fields: HeaderFields): Buffer {
  const pax = { ...needed(fields), ...fields.pax };
  const header = headerBlock(fields);
  if (Object.keys(pax).length === 0) return header;
  const records = Buffer.concat(Object.entries(pax).map(([key, value]) => paxRecord(key, value)));
  const paxHeader = headerBlock({
    ...fields,
    path: `PaxHeaders/${fields.path.slice(-60)}`,
    typeFlag: 'x',
    sizeBytes: records.byteLength,
    mode: 0o644,
  });
  return Buffer.concat([paxHeader, records, padding(records.byteLength), header]);
}

/** The zeros that fill the last block of a content. */
export function padding(sizeBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** What does not fit or is not ASCII goes to the pax header; the ustar field then holds a cut form, or zero. */
function needed({ path, linkTo, sizeBytes }: HeaderFields): Record<string, string> {
  const needsPax = (text: string) => Buffer.byteLength(text) > 100 || /[^\x20-\x7e]/.test(text);
  return {
    ...(needsPax(path) && { path }),
    ...(linkTo !== undefined && needsPax(linkTo) && { linkpath: linkTo }),
    ...(sizeBytes > MAX_OCTAL_SIZE && { size: String(sizeBytes) }),
  };
}

function headerBlock(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const text = (value: string, offset: number, length: number) => Buffer.from(value).copy(block, offset, 0, length);
  const octal = (value: number, offset: number, length: number) =>
    text(value.toString(8).padStart(length - 1, '0'), offset, length - 1);
  text(fields.path, 0, 100);
  octal(fields.mode, 100, 8);
  octal(fields.uid, 108, 8);
  octal(fields.gid, 116, 8);
  octal(fields.sizeBytes > MAX_OCTAL_SIZE ? 0 : fields.sizeBytes, 124, 12);
  octal(fields.mtime, 136, 12);
  text(fields.typeFlag, 156, 1);
  text(fields.linkTo ?? '', 157, 100);
  text('ustar\u000000', 257, 8);
  text(fields.userName, 265, 31);
  text(fields.groupName, 297, 31);
  const [major, minor] = fields.device ?? [0, 0];
  octal(major, 329, 8);
  octal(minor, 337, 8);
  text(`${sumOf(block).toString(8).padStart(6, '0')}\u0000 `, 148, 8);
  return block;
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
