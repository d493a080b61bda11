import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Reply } from '#test/support/fake-registry.ts';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { startBlobRegistry } from '#test/support/blob-registry.ts';

const BYTES = Buffer.from('0123456789abcdef');

type Case = readonly [answer: string, reply: (bytes: Buffer) => Reply, startByte: number, text: string];

const part = (bytes: Buffer, range: string): Reply => ({
  status: 206,
  headers: { 'content-range': range },
  body: bytes,
});

describe('a part of a blob', () => {
  test('is asked for with both ends and given as it is', async () => {
    await using registry = await startBlobRegistry();
    const { client, repository } = registry;
    const descriptor = registry.add(BYTES);
    const { stream, startByte } = await client.openBlobAt({ repository, descriptor, startByte: 4, endByte: 8 });
    expect(startByte).toBe(4);
    expect((await buffer(stream)).toString()).toBe('4567');
    const first = await client.openBlobAt({ repository, descriptor, startByte: 0, endByte: 2 });
    expect((await buffer(first.stream)).toString()).toBe('01');
    expect(registry.blobRequests).toEqual(['bytes=4-7', 'bytes=0-1']);
  });

  test.for<Case>([
    ['the whole', (bytes) => ({ body: bytes }), 0, BYTES.toString()],
    ['the rest', (bytes) => part(bytes.subarray(4), 'bytes 4-15/16'), 4, '456789abcdef'],
    ['a part of unknown whole', (bytes) => part(bytes.subarray(4, 8), 'bytes 4-7/*'), 4, '4567'],
  ])('may be answered with %s', async ([, reply, start, text]) => {
    await using registry = await startBlobRegistry();
    const { client, repository } = registry;
    const descriptor = registry.add(BYTES);
    registry.answerWith((_request, bytes) => reply(bytes));
    const { stream, startByte } = await client.openBlobAt({ repository, descriptor, startByte: 4, endByte: 8 });
    expect([startByte, (await buffer(stream)).toString()]).toEqual([start, text]);
  });

  test.for<readonly [string, Reply]>([
    ['another place', part(BYTES.subarray(5, 9), 'bytes 5-8/16')],
    ['another length', part(BYTES.subarray(4, 9), 'bytes 4-7/16')],
    ['another whole', part(BYTES.subarray(4, 8), 'bytes 4-7/99')],
    ['no place', { status: 206, body: BYTES.subarray(4, 8) }],
    ['that it has no such part', { status: 416 }],
  ])('is read as the whole when a 206 names %s (B05)', async ([, reply]) => {
    await using registry = await startBlobRegistry();
    const { client, repository } = registry;
    const descriptor = registry.add(BYTES);
    registry.answerWith(({ headers }, bytes) => (headers['range'] === undefined ? { body: bytes } : reply));
    const { stream, startByte } = await client.openBlobAt({ repository, descriptor, startByte: 4, endByte: 8 });
    expect([startByte, (await buffer(stream)).toString()]).toEqual([0, BYTES.toString()]);
    expect(registry.blobRequests).toEqual(['bytes=4-7', 'whole']);
  });

  test('has its ends inside the blob and in order', async () => {
    await using registry = await startBlobRegistry();
    const { client, repository } = registry;
    const descriptor = registry.add(BYTES);
    const open = (startByte: number, endByte: number) =>
      client.openBlobAt({ repository, descriptor, startByte, endByte });
    await expect(open(5, 4)).rejects.toThrow(InvalidInputError);
    await expect(open(0, 17)).rejects.toThrow(InvalidInputError);
    expect(registry.blobRequests).toEqual([]);
  });
});
