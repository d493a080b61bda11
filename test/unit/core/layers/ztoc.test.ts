import { assert as check, array, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecompressError } from '#main/core/layers/decompress/decompressor.ts';
import type { IndexMember } from '#main/core/layers/index/index-builder.ts';
import { readZtoc } from '#main/core/layers/published/soci/ztoc.ts';
import { flatBuffer, gzipInfo, SOCI_LAYER, tarInfo, ztoc, type ZtocFields } from '#test/support/ztoc.ts';

const BLOB_BYTES = 10_240;
const PLAIN: ZtocFields = {
  blobBytes: BLOB_BYTES,
  tarBytes: BLOB_BYTES,
  entries: [{ name: 'a', offset: 512, size: 9 }],
};

function read(bytes: Buffer, blobBytes = BLOB_BYTES) {
  const members: IndexMember[] = [];
  return { ...readZtoc(bytes, blobBytes, (member) => members.push(member)), members };
}

function problemOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

const refusal = (fields: Partial<ZtocFields>) => () => read(ztoc({ ...PLAIN, ...fields }));
const entry = (fields: Partial<ZtocFields['entries'][0]>) => ({ entries: [{ name: 'a', offset: 512, ...fields }] });

describe('readZtoc', () => {
  test('reads what the SOCI tool writes', () => {
    const { members, facts, columns } = read(SOCI_LAYER.ztoc, SOCI_LAYER.blob.length);
    expect(members.map(({ type, name }) => `${type} ${Buffer.from(name).toString()}`)).toEqual([
      'directory ./',
      'directory ./empty/',
      'directory ./etc/',
      'file ./etc/.wh.old',
      'file ./etc/hard',
      'symlink ./etc/link',
      'hardlink ./etc/motd',
      'file ./etc/nothing',
      'fifo ./pipe',
      'directory ./usr/',
      'directory ./usr/bin/',
      'file ./usr/bin/tool',
    ]);
    expect(facts).toEqual({ compression: 'gzip', blobBytes: SOCI_LAYER.blob.length, tarBytes: expect.any(Number) });
    expect(columns.spanInputs.length).toBeGreaterThan(3);
    expect(columns.spanBits.some((bits) => bits > 0)).toBe(true);
  });

  test('takes every field of an entry', () => {
    const { members } = read(
      ztoc({
        ...PLAIN,
        entries: [
          { name: 'f', offset: 1024, size: 9, mode: 0o104755, pax: { path: 'x', 'SCHILY.xattr.user.a': 'b' } },
          {
            name: 'l',
            type: 'symlink',
            linkName: 'f',
            offset: 2048,
            size: 99,
            modified: '2026-01-05T09:00:00.5+01:00',
          },
          { name: 'c', type: 'char', offset: 2560, modified: '' },
        ],
      }),
    );
    const [file, link, device] = members;
    expect(file).toMatchObject({ type: 'file', sizeBytes: 9, storedBytes: 9, offset: 1024, mode: 0o4755, uid: 1000 });
    expect(file?.xattrs).toEqual([[Buffer.from('user.a'), Buffer.from('b')]]);
    expect(file?.modifiedSeconds).toBe(Date.parse('2026-01-05T08:00:00Z') / 1000);
    expect(link).toMatchObject({ type: 'symlink', sizeBytes: 0, linkName: Buffer.from('f') });
    expect((link?.modifiedSeconds ?? 0) - (file?.modifiedSeconds ?? 0)).toBe(0.5);
    expect(device).toMatchObject({ type: 'char-device', device: '1,3', modifiedSeconds: 0 });
  });

  test('knows the spans of a tar that is not compressed', () => {
    const digests = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
    const { facts, columns } = read(ztoc({ ...PLAIN, info: tarInfo(BLOB_BYTES, digests) }));
    expect(facts.compression).toBe('none');
    expect([...columns.spanInputs]).toEqual([0, BLOB_BYTES / 2]);
    expect(columns.spanDigests[32]).toBe(0x22);
  });

  test('takes the first span of old tables to begin behind a plain gzip header', () => {
    const [algorithm, , , points] = gzipInfo([{ input: 700, output: 5000, bits: 3 }]);
    const digests = { strings: [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`] };
    const data = Buffer.from((points as { bytes: Buffer }).bytes);
    data.writeInt32LE(2, 0);
    const { columns } = read(ztoc({ ...PLAIN, info: [algorithm, { int32: 1 }, digests, { bytes: data }] }));
    expect([...columns.spanInputs]).toEqual([10, 700]);
    expect([...columns.spanOutputs]).toEqual([0, 5000]);
  });

  test.each([
    ['of another version', refusal({ version: '1.0' })],
    ['of a blob of another size', refusal({ blobBytes: BLOB_BYTES + 1 })],
    ['with an entry of an unknown type', refusal(entry({ type: 'chunk' }))],
    ['with an entry without a name', refusal(entry({ name: '' }))],
    ['with a name of more than 16 KiB (T08)', refusal(entry({ name: 'a'.repeat(16_385) }))],
    ['with a negative size (T09)', refusal(entry({ size: -1 }))],
    ['with a size beyond 2^53 (T09)', refusal(entry({ size: 1n << 60n }))],
    ['with a size larger than the tar (T09)', refusal(entry({ size: BLOB_BYTES }))],
    ['with a content where its header would be', refusal(entry({ offset: 511 }))],
    ['with entries over one another', refusal({ entries: [...PLAIN.entries, { name: 'b', offset: 1535 }] })],
    ['with a sparse file (T10)', refusal(entry({ pax: { 'GNU.sparse.major': '1' } }))],
    ['with a time that is none', refusal(entry({ modified: 'yesterday' }))],
    ['with an unknown compression', refusal({ info: [{ int8: 3 }] })],
    ['without spans', refusal({ info: [{ int8: 1 }] })],
    ['with fewer digests than spans', refusal({ info: gzipInfo([{ input: 10, output: 0 }], 0) })],
    [
      'with spans that go back',
      refusal({
        info: gzipInfo([
          { input: 99, output: 0 },
          { input: 98, output: 9 },
        ]),
      }),
    ],
    ['with a first span before the blob', refusal({ info: gzipInfo([{ input: 0, output: 0, bits: 3 }]) })],
    ['with a span behind the blob', refusal({ info: gzipInfo([{ input: BLOB_BYTES, output: 0 }]) })],
    ['with spans that do not begin with the tar', refusal({ info: gzipInfo([{ input: 10, output: 1 }]) })],
    ['with two billion spans of a byte', refusal({ info: [{ int8: 2 }, { int32: 2_147_483_646 }] })],
    ['that is no FlatBuffer', () => read(Buffer.from('{"version":"0.9"}'))],
    ['that is empty', () => read(Buffer.alloc(0))],
    ['that refers to itself', () => read(Buffer.alloc(64))],
    ['without its parts', () => read(flatBuffer([{ bytes: '0.9' }, undefined, { int64: BLOB_BYTES }, { int64: 1 }]))],
  ])('refuses a table %s', (_how, reading) => {
    expect(reading).toThrow(DecompressError);
  });

  test('does no more work than a table has bytes (T13): parts that are named a thousand times are read once', () => {
    const bytes = ztoc({
      ...PLAIN,
      entries: Array.from({ length: 1000 }, () => ({ name: 'long'.repeat(3000), offset: 512 })),
    });
    const vector = bytes.lastIndexOf(Buffer.from([0xe8, 3, 0, 0]), 200);
    expect(bytes.readUInt32LE(vector)).toBe(1000);
    const first = vector + 4 + bytes.readUInt32LE(vector + 4);
    for (let at = vector + 4; at < vector + 4004; at += 4) bytes.writeUInt32LE(first - at, at);
    let count = 0;
    expect(() => readZtoc(bytes.subarray(0, 20_000), BLOB_BYTES, () => (count += 1))).toThrow(DecompressError);
    expect(count).toBeLessThanOrEqual(2);
  });

  test('refuses any bytes that are no table, and any table with other bytes in it, or reads it', () => {
    const isTyped = (bytes: Buffer, blobBytes: number) => {
      let members = 0;
      const problem = problemOf(() => readZtoc(bytes, blobBytes, () => (members += 1)));
      expect(problem === undefined || problem instanceof DecompressError).toBe(true);
      expect(members).toBeLessThanOrEqual(bytes.length / 4);
    };
    check(property(uint8Array({ maxLength: 300 }), (bytes) => isTyped(Buffer.from(bytes), BLOB_BYTES)));
    const whole = ztoc({
      ...PLAIN,
      entries: [
        { name: 'a', offset: 512, size: 9, pax: { 'SCHILY.xattr.user.a': 'b' } },
        { name: 'b', offset: 1536 },
      ],
    });
    const places = array(integer({ min: 0, max: whole.length - 1 }), { minLength: 1, maxLength: 8 });
    check(
      property(places, uint8Array({ minLength: 8, maxLength: 8 }), (at, values) => {
        const bytes = Buffer.from(whole);
        for (const [index, place] of at.entries()) bytes[place] = values[index]!;
        isTyped(bytes, BLOB_BYTES);
      }),
      { numRuns: 2000 },
    );
  });
});
