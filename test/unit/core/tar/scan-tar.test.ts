import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArchiveError } from '#main/core/gantry-error.ts';
import { type TarEntry as Entry, writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { sumOf } from '#main/core/tar/header-fields.ts';
import { createPositionReader } from '#main/core/tar/position-reader.ts';
import { scanTar, type TarEntry } from '#main/core/tar/scan-tar.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);
const hasTar = hasTools('tar');

async function scanFile(path: string, signal = new AbortController().signal): Promise<TarEntry[]> {
  const handle = await open(path);
  try {
    return await scanTar(createPositionReader(handle, (await handle.stat()).size), 'x.tar', signal);
  } finally {
    await handle.close();
  }
}

function scan(bytes: Uint8Array): Promise<TarEntry[]> {
  const path = join(temporaryFolder(), 'x.tar');
  writeFileSync(path, bytes);
  return scanFile(path);
}

/** Like `fields`, at their places in a header of a plain file, with its checksum made right. */
function header(fields: Readonly<Record<number, string | Buffer>>, name = 'file'): Buffer {
  const [block] = [writeTar([{ path: name, type: 'file', content: '' }]).subarray(0, BLOCK)];
  const bytes = Buffer.from(block);
  for (const [at, value] of Object.entries(fields)) Buffer.from(value).copy(bytes, Number(at));
  bytes.write(`${sumOf(bytes).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

const TYPE = 156;
const SIZE = 124;
const octal = (size: number): string => `${size.toString(8).padStart(11, '0')}\0`;
const padded = (content: string): Buffer =>
  Buffer.concat([Buffer.from(content), Buffer.alloc(BLOCK)]).subarray(0, BLOCK);
const meta = (type: string, content: string): Buffer =>
  Buffer.concat([header({ [TYPE]: type, [SIZE]: octal(Buffer.byteLength(content)) }, 'meta'), padded(content)]);
const record = (text: string): string => {
  const length = text.length + 3;
  return `${length > 9 ? length + 1 : length} ${text}\n`;
};
const tar = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, END]);
const refusal = (reason: string) => ({ name: 'ArchiveError', reason });

describe('scanTar', () => {
  it('gives the place of every content, and reads none', async () => {
    const bytes = writeTar([
      { path: 'a/', type: 'directory' },
      { path: 'a/one', type: 'file', content: 'x'.repeat(700) },
      { path: 'a/two', type: 'symlink', linkTo: 'one' },
      { path: `${'long/'.repeat(40)}name`, type: 'file', content: 'tail' },
    ]);
    const entries = await scan(bytes);
    expect(entries.map(({ path, type, sizeBytes }) => [path, type, sizeBytes])).toEqual([
      ['a/', 'directory', 0],
      ['a/one', 'file', 700],
      ['a/two', 'symlink', 0],
      [`${'long/'.repeat(40)}name`, 'file', 4],
    ]);
    const last = entries.at(-1);
    expect(bytes.toString('latin1', last?.offset, (last?.offset ?? 0) + 4)).toBe('tail');
  });

  it.each(['gnu', 'pax', 'ustar', 'v7', 'oldgnu'])('reads what GNU tar writes as %s', async (format) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'in/deep'), { recursive: true });
    const long = format === 'gnu' || format === 'pax' ? 'n'.repeat(180) : 'short';
    writeFileSync(join(folder, 'in/deep', long), 'content');
    symlinkSync(`deep/${long}`, join(folder, 'in/link'));
    const path = join(folder, 'x.tar');
    execFileSync('tar', [`--format=${format}`, '-cf', path, '-C', folder, 'in']);
    const entries = await scanFile(path);
    expect(new Set(entries.map((entry) => entry.path))).toEqual(
      new Set(['in/', 'in/deep/', `in/deep/${long}`, 'in/link']),
    );
    expect(entries.find(({ type }) => type === 'symlink')?.linkTo).toBe(`deep/${long}`);
  });

  it('reads a size that has no room in octal, written either way', async () => {
    const size = 9 * 2 ** 30;
    const path = join(temporaryFolder(), 'big.tar');
    const base256 = Buffer.alloc(12);
    base256[0] = 0x80;
    base256.writeBigUInt64BE(BigInt(size), 4);
    for (const start of [
      header({ [SIZE]: base256 }),
      Buffer.concat([meta('x', record(`size=${size}`)), header({ [SIZE]: octal(0) })]),
    ]) {
      const handle = await open(path, 'w');
      await handle.write(start, 0, start.length, 0);
      // A sparse file: nine gigabytes that take no room.
      await handle.truncate(start.length + size + END.length);
      await handle.close();
      expect(await scanFile(path)).toMatchObject([{ path: 'file', sizeBytes: size, offset: start.length }]);
    }
  });

  it.each<[string, Buffer]>([
    ['T07 a pax header before a long name', tar(meta('x', record('size=5')), meta('L', 'long'), header({}))],
    ['T07 two pax headers', tar(meta('x', record('path=a')), meta('x', record('path=b')), header({}))],
    ['T07 a path twice in one pax header', tar(meta('x', record('path=a') + record('path=b')), header({}))],
    ['T07 a global header with a path', tar(meta('g', record('path=a')), header({}))],
    ['T07 two long names', tar(meta('L', 'a'), meta('L', 'b'), header({}))],
    ['T08 a pax record of length 0', tar(meta('x', '0 path=a\n'), header({}))],
    ['T08 a pax record that does not end', tar(meta('x', '99 path=a\n'), header({}))],
    ['T08 a pax record without a newline', tar(meta('x', '8 path=a'), header({}))],
    ['T09 a negative size', tar(header({ [SIZE]: Buffer.alloc(12, 0xff) }))],
    ['T09 a size beyond what a number holds', tar(header({ [SIZE]: Buffer.from([0x80, ...Array(11).fill(0xff)]) }))],
    ['T09 a size that is no number', tar(header({ [SIZE]: '0000000zzzz\0' }))],
    ['T10 a sparse file of GNU', tar(header({ [TYPE]: 'S' }))],
    ['T10 a sparse map in a pax header', tar(meta('x', record('GNU.sparse.major=1')), header({}))],
    ['a link with content', tar(header({ [TYPE]: '2', [SIZE]: octal(5), 157: 'to' }), padded('hello'))],
    ['a folder with content', tar(header({ [TYPE]: '5', [SIZE]: octal(5) }), padded('hello'))],
    ['T11 a device', tar(header({ [TYPE]: '3' }))],
    ['T11 a named pipe', tar(header({ [TYPE]: '6' }))],
    ['a link to nothing', tar(header({ [TYPE]: '2' }))],
    ['a mode that is no number', tar(header({ 100: '8' }))],
    ['a type nobody knows', tar(header({ [TYPE]: 'Z' }))],
    ['another character set', tar(meta('x', record('hdrcharset=BINARY')), header({}))],
    ['a name that is not UTF-8', tar(header({ 0: Buffer.from([0xff, 0xfe]) }))],
    ['a checksum that is wrong', tar(header({}), Buffer.from(header({}).fill('7', 148, 154)))],
    ['a block of zeros between entries', tar(header({}), Buffer.alloc(BLOCK), header({}))],
  ])('refuses %s', async (_name, bytes) => {
    await expect(scan(bytes)).rejects.toMatchObject(refusal('bad-entry'));
  });

  it('T08 refuses a path of 1 MiB and takes one of 4096 characters', async () => {
    const long = (length: number) =>
      writeTar([{ path: 'a', type: 'file', content: '', pax: { path: 'n'.repeat(length) } }]);
    await expect(scan(long(2 ** 20 - 20))).rejects.toMatchObject(refusal('bad-entry'));
    await expect(scan(long(2 ** 21))).rejects.toMatchObject(refusal('bad-entry'));
    expect(await scan(long(4096))).toHaveLength(1);
  });

  it('T08 takes linear time over a hundred thousand records', async () => {
    const records = record('comment=x').repeat(60_000);
    const bytes = tar(
      header({ [TYPE]: 'x', [SIZE]: octal(records.length) }, 'meta'),
      Buffer.concat([Buffer.from(records), Buffer.alloc((BLOCK - (records.length % BLOCK)) % BLOCK)]),
      header({}),
    );
    expect(await scan(bytes)).toHaveLength(1);
  });

  it.each<[string, Buffer]>([
    ['T04 in the middle of a header', header({}).subarray(0, 300)],
    ['T09 a size larger than what remains', tar(header({ [SIZE]: octal(5000) }))],
    ['T04 without the blocks that end it', Buffer.concat([header({}), header({})])],
    ['T04 after the first of them', Buffer.concat([header({}), Buffer.alloc(BLOCK)])],
    ['T04 after a pax header', tar(meta('x', record('path=a')))],
  ])('knows a tar that was cut: %s', async (_name, bytes) => {
    const reason = bytes.length < BLOCK ? 'not-an-archive' : 'truncated';
    await expect(scan(bytes)).rejects.toMatchObject(refusal(reason));
  });

  it('stops when it is told to', async () => {
    const path = join(temporaryFolder(), 'x.tar');
    writeFileSync(path, tar(header({})));
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(scanFile(path, controller.signal)).rejects.toThrow('enough');
  });
});

/** `type size name` of each entry, as GNU tar lists them; undefined when it complains. */
function gnuListing(path: string): readonly string[] | undefined {
  const { status, stdout } = spawnSync(
    'tar',
    ['--list', '--verbose', '--absolute-names', '--quoting-style=escape', '--numeric-owner', '--full-time', '-f', path],
    { env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' }, encoding: 'utf8' },
  );
  if (status !== 0) return undefined;
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, type = '', size = '', name = ''] = /^(.)\S+ \S+ +(\S+) \S+ \S+ (.*)$/.exec(line) ?? [];
      return `${type} ${size} ${name}`;
    });
}

const LETTER = { file: '-', directory: 'd', symlink: 'l', hardlink: 'h' };

function ownListing(entries: readonly TarEntry[]): readonly string[] {
  return entries.map(({ type, sizeBytes, path, linkTo }) => {
    const link = { symlink: ` -> ${escape(linkTo ?? '')}`, hardlink: ` link to ${escape(linkTo ?? '')}` };
    return `${LETTER[type]} ${sizeBytes} ${escape(path)}${type === 'symlink' || type === 'hardlink' ? link[type] : ''}`;
  });
}

const SHORT: Readonly<Record<string, string>> = {
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  92: '\\',
};

/** As `--quoting-style=escape` shows a name. */
function escape(text: string): string {
  const octal = (byte: number) => `\\${SHORT[byte] ?? byte.toString(8).padStart(3, '0')}`;
  return text.replaceAll(/[\p{C}\\]/gu, (letter) => Array.from(Buffer.from(letter), octal).join(''));
}

const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-z.-]{1,60}){0,4}$/);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ path: name, type: fc.constant('file' as const), content: fc.uint8Array({ maxLength: 1500 }) }),
  fc.record({ path: name, type: fc.constantFrom('symlink' as const, 'hardlink' as const), linkTo: name }),
  fc.record({ path: name.map((path) => `${path}/`), type: fc.constant('directory' as const) }),
);
/** A change of some bytes of a header, after which its checksum is made right again. */
const change = fc.record({
  block: fc.nat(40),
  at: fc.oneof(fc.nat(511), fc.constantFrom(124, 125, 134, 135, 156, 157, 257, 263, 345)),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(...Array.from('\0 01257xgLKSVMDN/ux', (letter) => letter.charCodeAt(0)))),
});

function mutate(bytes: Buffer, changes: readonly { block: number; at: number; byte: number }[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { block, at, byte } of changes) {
    const start = (block * BLOCK) % copy.length;
    const part = copy.subarray(start, start + BLOCK);
    part[at] = byte;
    if (part.toString('latin1', 257, 262) === 'ustar') {
      part.write(`${sumOf(part).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    }
  }
  return copy;
}

describe.skipIf(!hasTar)('scanTar beside GNU tar', () => {
  it('lists the same of any tar, however it was changed, or refuses it with a reason', async () => {
    const path = join(temporaryFolder(), 'x.tar');
    let listed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 6 }),
        fc.array(change, { maxLength: 3 }),
        async (entries, changes) => {
          writeFileSync(path, mutate(writeTar(entries), changes));
          const own = await scanFile(path).catch((error: unknown) => {
            if (error instanceof ArchiveError) return undefined;
            throw error;
          });
          if (own === undefined) return;
          listed += 1;
          expect(ownListing(own)).toEqual(gnuListing(path));
        },
      ),
      { numRuns: 300 },
    );
    expect(listed).toBeGreaterThan(50);
  });
});
