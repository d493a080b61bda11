import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { constants, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { LAYER_LIMITS, type LayerLimits } from '#main/core/layers/limits.ts';
import type { OpenLayer } from '#main/core/layers/open-layer.ts';
import { type BlobRegistry, startBlobRegistry } from '#test/support/blob-registry.ts';
import { openLayerStore, type TestStore } from '#test/support/layer-store.ts';
import { digestOf } from '#test/support/oci-builder.ts';
import { base256, END, MAGIC, octal, paxRecord, rawEntry, rawHeader, rawLong, rawPax } from '#test/support/raw-tar.ts';

const MIB = 1024 * 1024;

let registry: BlobRegistry;
let store: TestStore;
beforeEach(async () => {
  registry = await startBlobRegistry();
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

async function open(blob: Uint8Array, limits: Partial<LayerLimits> = {}): Promise<OpenLayer> {
  store = openLayerStore({ limits });
  const { client, repository } = registry;
  return store.open({ client, repository, descriptor: registry.add(blob) });
}

async function pathsOf(layer: OpenLayer): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of layer.entries()) paths.push(path);
  return paths;
}

const keptBytes = () =>
  readdirSync(store.folder).reduce((sum, name) => sum + statSync(join(store.folder, name)).size, 0);

/** A tar whose one file is that many zeros, without making them. */
const HUGE_HEADER = rawHeader({ name: 'zeros', size: octal(1 << 30) });

async function zstdOfZeros(mebibytes: number, params: Record<number, number> = {}): Promise<Buffer> {
  const stream = createZstdCompress({ params });
  const whole = buffer(stream);
  stream.write(HUGE_HEADER);
  for (let part = 0; part < mebibytes; part += 1) stream.write(Buffer.alloc(MIB));
  stream.end();
  return whole;
}

describe('a bomb', () => {
  test('T01 of gzip ends the listing at its ratio, and takes no more room than it has bytes', async () => {
    const blob = gzipSync(Buffer.concat([rawEntry({ name: 'first' }), HUGE_HEADER, Buffer.alloc(200 * MIB)]));
    const layer = await open(blob);
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'ratio-limit' });
    expect(await pathsOf(layer)).toEqual(['first', 'zeros']);
    expect([layer.tarBytes, layer.diffId]).toEqual([undefined, undefined]);
    expect(keptBytes()).toBeLessThan(blob.length + 16 * 1024);
  });

  test('T01 below that ratio ends the listing at the bound on output', async () => {
    const layer = await open(gzipSync(writeTar([{ path: 'f', type: 'file', content: Buffer.alloc(3 * MIB) }])), {
      maxOutputBytes: 2 * MIB,
    });
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'output-limit' });
  });

  test('T02 of zstd ends the listing at its ratio', async () => {
    const layer = await open(await zstdOfZeros(100));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'ratio-limit' });
  });

  test('T02 with a window beyond 128 MiB is not decompressed', async () => {
    const params = { [constants.ZSTD_c_windowLog]: 29, [constants.ZSTD_c_enableLongDistanceMatching]: 1 };
    const layer = await open(await zstdOfZeros(5, params));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'bad-compression' });
  });
});

describe('compressed data', () => {
  const tar = writeTar([{ path: 'file', type: 'file', content: Buffer.alloc(70_000, 'content') }]);
  const halves = [tar.subarray(0, 30_000), tar.subarray(30_000)] as const;

  test.for([
    ['gzip', gzipSync, 2],
    ['zstd', zstdCompressSync, 2],
    // Past the number of members that are read one by one.
    ['gzip', gzipSync, 200],
  ] as const)('T03 of several parts is one: %s in %i', async ([, compress, parts]) => {
    const size = Math.ceil(tar.length / parts);
    const blob = Array.from({ length: parts }, (_, part) => compress(tar.subarray(part * size, (part + 1) * size)));
    const layer = await open(Buffer.concat(blob));
    expect(layer).toMatchObject({ completeness: { isComplete: true }, remarks: [], diffId: digestOf(tar) });
  });

  test.for([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('T03 may be filled up with zeros, and garbage behind it is told: %s', async ([, compress]) => {
    const whole = Buffer.concat(halves.map((half) => compress(half)));
    expect(await open(Buffer.concat([whole, Buffer.alloc(1000)]))).toMatchObject({
      completeness: { isComplete: true },
      remarks: [],
    });
    await store[Symbol.asyncDispose]();
    for (const garbage of ['garbage!', 'x', '\u0000\u0000x', '(']) {
      const layer = await open(Buffer.concat([whole, Buffer.from(garbage)]));
      expect(layer).toMatchObject({ completeness: { isComplete: true }, remarks: ['trailing-garbage'] });
      expect(layer.diffId).toBe(digestOf(tar));
      await store[Symbol.asyncDispose]();
    }
    store = openLayerStore();
  });

  test.for([
    ['gzip', gzipSync(tar).subarray(0, -20)],
    ['gzip without its checksum', gzipSync(tar).subarray(0, -4)],
    ['gzip inside its header', gzipSync(tar).subarray(0, 7)],
    ['zstd', zstdCompressSync(tar).subarray(0, -3)],
  ] as const)('T04 that breaks off is never called whole: %s', async ([, blob]) => {
    const layer = await open(blob);
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'truncated' });
    expect(layer.diffId).toBeUndefined();
  });

  test('T04 that is damaged lists what was before', async () => {
    const noise = Buffer.from(
      Array.from({ length: 300_000 }, (_, index) => (Math.imul(index, 2_654_435_761) >>> 13) & 255),
    );
    const blob = gzipSync(
      writeTar([
        { path: 'before', type: 'file' },
        { path: 'noise', type: 'file', content: noise },
      ]),
    );
    blob.fill(0xff, blob.length >> 1, (blob.length >> 1) + 3000);
    const layer = await open(blob);
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'bad-compression' });
    expect(await pathsOf(layer)).toContain('before');
  });
});

describe('a tar', () => {
  test.for([
    ['inside a header', Buffer.concat([rawEntry({ name: 'a' }), rawHeader().subarray(0, 300)])],
    ['inside a file', Buffer.concat([rawEntry({ name: 'a' }), rawHeader({ size: octal(5000) }), Buffer.alloc(1000)])],
    ['between a long name and its entry', Buffer.concat([rawEntry({ name: 'a' }), rawLong('long')])],
  ] as const)('T04 that breaks off %s is never called whole', async ([, tar]) => {
    const layer = await open(gzipSync(tar));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'truncated' });
    expect(await pathsOf(layer)).toContain('a');
  });

  test('T04 without the blocks that end it is listed, with a remark; so is one that goes on behind them', async () => {
    expect(await open(rawEntry({ name: 'a' }))).toMatchObject({
      completeness: { isComplete: true },
      remarks: ['no-end-of-archive'],
    });
    await store[Symbol.asyncDispose]();
    const layer = await open(Buffer.concat([rawEntry({ name: 'a' }), END, rawEntry({ name: 'hidden' })]));
    expect(layer).toMatchObject({ completeness: { isComplete: true }, remarks: ['content-after-end'] });
    expect(await pathsOf(layer)).toEqual(['a']);
  });

  test('T05 keeps names as they are, and marks those that lead out or could', async () => {
    const names = [
      '../up',
      '/abs',
      'C:x',
      'a\\..\\b',
      'a/../../b',
      'CON',
      'dot.',
      'new\nline',
      '\u001b[31m',
      'a/./b',
      'x..y',
    ];
    const layer = await open(Buffer.concat([...names.map((name) => rawEntry({ name })), END]));
    const seen: [string, boolean][] = [];
    for await (const { path, isEscaping } of layer.entries()) seen.push([path, isEscaping === true]);
    expect(seen).toEqual([
      ['../up', true],
      ['abs', true],
      ['C:x', true],
      ['a\\..\\b', true],
      ['a/../../b', true],
      ['CON', false],
      ['dot.', false],
      ['new\nline', false],
      ['\u001b[31m', false],
      ['a/b', false],
      ['x..y', false],
    ]);
  });

  test('T05 cuts names at a NUL, as everyone does, and takes none from a PAX header', async () => {
    const cut = await open(Buffer.concat([rawEntry({ name: 'shown\u0000hidden' }), END]));
    expect(await pathsOf(cut)).toEqual(['shown']);
    await store[Symbol.asyncDispose]();
    const refused = await open(Buffer.concat([rawPax([paxRecord('path', 'shown\u0000hidden')]), rawEntry({}), END]));
    expect(refused.completeness).toMatchObject({ isComplete: false, reason: 'ambiguous-tar' });
  });

  test('T06 with links out of the tree lists them; their content is nobody else’s', async () => {
    const tar = Buffer.concat([
      rawHeader({ name: 'passwd', typeFlag: '2', linkName: '/etc/passwd' }),
      rawHeader({ name: 'hard', typeFlag: '1', linkName: '../../etc/passwd' }),
      rawHeader({ name: 'loop', typeFlag: '1', linkName: 'loop' }),
      END,
    ]);
    const layer = await open(tar);
    expect(layer.find('passwd')).toMatchObject({ type: 'symlink', linkTarget: '/etc/passwd' });
    expect(layer.find('hard')).toMatchObject({ type: 'hardlink', linkTarget: '../../etc/passwd' });
    for (const order of [0, 1, 2]) await expect(layer.readFile(order)).rejects.toMatchObject({ kind: 'files' });
  });

  test.for([
    ['a PAX size before a GNU long name', [rawPax([paxRecord('size', '512')]), rawLong('long'), rawEntry({})]],
    ['a size that PAX contradicts', [rawPax([paxRecord('size', '1024')]), rawEntry({}, Buffer.alloc(512))]],
    ['a size of nothing that PAX contradicts', [rawPax([paxRecord('size', '1024')]), rawEntry({}), Buffer.alloc(1024)]],
    ['two PAX headers', [rawPax([paxRecord('path', 'a')]), rawPax([paxRecord('path', 'b')]), rawEntry({})]],
    ['two long names', [rawLong('a'), rawLong('b'), rawEntry({})]],
    ['a path twice in a PAX header', [rawPax([paxRecord('path', 'a'), paxRecord('path', 'b')]), rawEntry({})]],
    ['a global header that names what follows', [rawPax([paxRecord('path', 'a')], 'g'), rawEntry({})]],
    ['a size for a directory', [rawHeader({ name: 'd/', typeFlag: '5', size: octal(512) }), Buffer.alloc(512)]],
    ['a size for a symbolic link', [rawHeader({ typeFlag: '2', linkName: 'a', size: octal(512) }), Buffer.alloc(512)]],
    [
      'a size of a hard link in PAX',
      [rawPax([paxRecord('size', '512')]), rawHeader({ typeFlag: '1', linkName: 'first' })],
    ],
    ['content for a name with a slash', [rawEntry({ name: 'd/' }, Buffer.alloc(10))]],
    ['a single block of zeros', [Buffer.alloc(512), rawEntry({ name: 'hidden' })]],
    ['a GNU header with a prefix', [rawEntry({ magic: MAGIC.gnu, prefix: 'some/folder' })]],
  ] as const)('T07 is not listed past %s', async ([, parts]) => {
    const layer = await open(Buffer.concat([rawEntry({ name: 'first' }), ...parts, END]));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'ambiguous-tar' });
    expect(await pathsOf(layer)).toEqual(['first']);
  });

  test.for([
    ['of length 0', Buffer.from('0 path=a\n')],
    ['without end', Buffer.from('99 path=a\n')],
    ['without a newline', Buffer.from('9 path=ab')],
    ['without a length', Buffer.from('path=a\n')],
    ['without an equals sign', Buffer.from('8 patha\n')],
    ['with a length of many digits', Buffer.from(`${'0'.repeat(40)}9 path=a\n`)],
    ['with a path of a mebibyte', paxRecord('path', 'p'.repeat(1_000_000))],
    ['100,000 times', Buffer.concat(Array.from({ length: 100_000 }, () => paxRecord('a', 'b')))],
    ['more than a mebibyte long', paxRecord('comment', 'c'.repeat(2_000_000))],
  ] as const)('T08 is not listed past a PAX record %s', async ([, record]) => {
    const layer = await open(Buffer.concat([rawEntry({ name: 'first' }), rawPax([record]), rawEntry({}), END]));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'bad-tar' });
    expect(await pathsOf(layer)).toEqual(['first']);
  });

  test.for([
    ['negative', base256(-512n)],
    ['larger than any archive', base256(1n << 62n)],
    ['beyond 64 bits', Buffer.from([0x80, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255])],
    ['no number', '0000000zzzz\u0000'],
    ['of blanks', ' '.repeat(12)],
  ] as const)('T09 is not listed past a size that is %s', async ([, size]) => {
    const layer = await open(Buffer.concat([rawEntry({ name: 'first' }), rawHeader({ name: 'bad', size }), END]));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'bad-tar' });
    expect(await pathsOf(layer)).toEqual(['first']);
  });

  test('T09 with a size larger than what is left is cut off', async () => {
    const layer = await open(Buffer.concat([rawHeader({ name: 'cut', size: base256(1n << 40n) }), Buffer.alloc(5000)]));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'truncated' });
    await expect(layer.preview(0, { limitBytes: 10_000 })).rejects.toMatchObject({ kind: 'files' });
  });

  test('T10 shows a sparse file of 8 EiB, and allocates nothing for it', async () => {
    const size = String((1n << 63n) - 1n);
    const records = [
      paxRecord('GNU.sparse.major', '1'),
      paxRecord('GNU.sparse.minor', '0'),
      paxRecord('GNU.sparse.name', 'huge'),
      paxRecord('GNU.sparse.realsize', size),
    ];
    const map = Buffer.alloc(512);
    map.write('2\n0\n512\n9223372036854775807\n0\n');
    const content = Buffer.concat([map, Buffer.alloc(512, 'x')]);
    const layer = await open(
      Buffer.concat([rawPax(records), rawEntry({ name: 'GNUSparseFile.0/huge' }, content), END]),
    );
    expect(layer.find('huge')).toMatchObject({ sizeBytes: Number(size), storedBytes: 512, isSparse: true });
    const { bytes, isWhole } = await layer.preview(0, { limitBytes: 1000 });
    expect(bytes).toEqual(Buffer.concat([Buffer.alloc(512, 'x'), Buffer.alloc(488)]));
    expect(isWhole).toBe(false);
  });

  test('T10 is not listed past a sparse map that leads out of its file', async () => {
    const records = [paxRecord('GNU.sparse.map', '0,512,100,512'), paxRecord('GNU.sparse.size', '4096')];
    const layer = await open(Buffer.concat([rawPax(records), rawEntry({}, Buffer.alloc(1024)), END]));
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'bad-tar' });
  });

  test('T11 lists devices, pipes, set-id bits and extended attributes, and has no content for them', async () => {
    const tar = Buffer.concat([
      rawHeader({ name: 'null', typeFlag: '3', major: octal(1, 8), minor: octal(3, 8) }),
      rawHeader({ name: 'sda', typeFlag: '4', major: octal(8, 8), minor: octal(0, 8) }),
      rawHeader({ name: 'pipe', typeFlag: '6' }),
      rawPax([
        paxRecord('SCHILY.xattr.security.capability', Buffer.of(1, 0, 255)),
        paxRecord('SCHILY.xattr.user.empty', ''),
      ]),
      rawEntry({ name: 'su', mode: octal(0o6755, 8) }, Buffer.from('#!')),
      END,
    ]);
    const layer = await open(tar);
    expect(layer.find('null')).toMatchObject({ type: 'char-device', device: '1,3' });
    expect(layer.find('sda')).toMatchObject({ type: 'block-device', device: '8,0' });
    expect(layer.find('pipe')).toMatchObject({ type: 'fifo' });
    expect(layer.find('su')).toMatchObject({
      mode: 0o6755,
      xattrs: [
        ['security.capability', '\u0001\u0000\udcff'],
        ['user.empty', ''],
      ],
    });
    await expect(layer.readFile(0)).rejects.toMatchObject({ kind: 'files', reason: 'not-a-file' });
  });

  test('T12 takes for a marker only what hides a name', async () => {
    const names = ['.wh.gone', '.wh..wh..opq', '.wh.', '.wh..', '.wh...', '.wh.../x', 'd/.wh..wh.aufs', '.wh.a/../b'];
    const layer = await open(Buffer.concat([...names.map((name) => rawEntry({ name })), END]));
    const seen: [string, string, boolean][] = [];
    for await (const { path, type, isEscaping } of layer.entries()) seen.push([type, path, isEscaping === true]);
    expect(seen).toEqual([
      ['whiteout', 'gone', false],
      ['opaque', '', false],
      ['file', '.wh.', true],
      ['file', '.wh..', true],
      ['file', '.wh...', true],
      ['file', '.wh.../x', false],
      ['whiteout', 'd/.wh.aufs', false],
      ['file', '.wh.a/../b', true],
    ]);
  });

  test('T13 of more entries than a bound ends there', async () => {
    const names = Array.from({ length: 1001 }, (_, index) => rawHeader({ name: `one-folder/${index}` }));
    const layer = await open(gzipSync(Buffer.concat([...names, END])), { maxEntries: 1000 });
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'entry-limit' });
    expect(layer.entryCount).toBe(1000);
    expect(layer.list('one-folder', { start: 990, count: 100 })).toMatchObject({ totalCount: 1000 });
    expect(LAYER_LIMITS.maxEntries).toBe(1_000_000);
  });

  test.for([
    ['folders', { maxNodes: 500 }, Array.from({ length: 100 }, (_, index) => `${index}/${'d/'.repeat(30)}f`)],
    ['bytes of names', { maxTextBytes: 5000 }, Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(90, 'n'))],
  ] as const)('T13 of more %s than a bound ends there', async ([, limits, names]) => {
    const layer = await open(Buffer.concat([...names.map((name) => rawHeader({ name })), END]), limits);
    expect(layer.completeness).toMatchObject({ isComplete: false, reason: 'entry-limit' });
    expect(layer.entryCount).toBeLessThan(100);
  });

  test('T14 keeps apart names that only some systems tell apart, and bytes that are no text', async () => {
    const names = ['README', 'readme', 'straße', 'strasse', 'é', 'e\u0301'].map((name) => Buffer.from(name));
    const raw = [Buffer.of(0xe9), Buffer.of(0xc3, 0x28), Buffer.of(0xed, 0xb3, 0xa9)];
    const all = [...names, ...raw].map((name) => rawEntry({ name: name.toString('latin1') }));
    const layer = await open(Buffer.concat([...all, END]));
    const paths = await pathsOf(layer);
    expect(new Set(paths).size).toBe(9);
    expect(layer.list('', { start: 0, count: 100 })?.totalCount).toBe(9);
    for (const [order, path] of paths.entries()) expect(layer.find(path)?.order).toBe(order);
    expect(layer.find('\udce9')).toMatchObject({ hasRawBytes: true });
  });

  test('T15 has the digest of its own bytes, to be held against the config', async () => {
    const tar = writeTar([{ path: 'a', type: 'file' }]);
    const layer = await open(gzipSync(tar));
    expect(layer.diffId).toBe(digestOf(tar));
  });

  test('that is none is told, and so is anything else that is kept as a layer', async () => {
    for (const blob of [
      Buffer.from('{"not": "a layer"}'),
      gzipSync(Buffer.alloc(5000, 'text')),
      Buffer.alloc(600, 1),
    ]) {
      const layer = await open(blob);
      expect(layer.completeness).toMatchObject({ isComplete: false });
      expect(layer.entryCount).toBe(0);
      await store[Symbol.asyncDispose]();
    }
    const empty = await open(Buffer.alloc(1024));
    expect(empty).toMatchObject({ completeness: { isComplete: true }, entryCount: 0 });
  });
});
