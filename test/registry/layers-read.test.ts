import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import type { OpenLayer } from '#main/core/layers/open-layer.ts';
import { blobReply, startBlobRegistry } from '#test/support/blob-registry.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { bigTar } from '#test/support/layer-content.ts';
import { openLayerStore } from '#test/support/layer-store.ts';

const MIB = 1024 * 1024;
/** Of which the seek index is made: more than four mebibytes when compressed. */
const { tar, entries } = bigTar(240, 100_000);

/** Blobs of that tar by how they are compressed. */
const BLOBS = {
  gzip: () => gzipSync(tar),
  // As parallel gzip programs write it, and eStargz.
  'gzip of many members': () => Buffer.concat(cut(tar, 100_000).map((part) => gzipSync(part))),
  'zstd of many frames': () => Buffer.concat(cut(tar, 700_000).map((part) => zstdCompressSync(part))),
  'no compression': () => tar,
} as const;

function cut(bytes: Buffer, length: number): readonly Buffer[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length));
}

async function readAll(layer: OpenLayer, path: string): Promise<{ verification: string; content: Buffer }> {
  const { stream, verification } = await layer.readFile(layer.find(path)!.order);
  return { verification, content: await buffer(stream) };
}

const evict = (folder: string, kind: 'blob' | 'seek'): void => {
  for (const name of readdirSync(folder)) if (name.endsWith(`.${kind}`)) rmSync(join(folder, name));
};

describe('a file of a layer', () => {
  const blobs: Partial<Record<keyof typeof BLOBS, Buffer>> = {};
  beforeAll(() => {
    for (const [name, make] of Object.entries(BLOBS)) blobs[name as keyof typeof BLOBS] = make();
  });

  test.for(Object.keys(BLOBS) as (keyof typeof BLOBS)[])(
    'is read from the kept blob without a request, and by one Range of at most 4 MiB too much after it was evicted: %s',
    async (name) => {
      await using registry = await startBlobRegistry();
      await using store = openLayerStore();
      const { client, repository, blobRequests } = registry;
      const descriptor = registry.add(blobs[name]!);
      const layer = await store.open({ client, repository, descriptor });
      await store.settled();
      expect(readdirSync(store.folder).map((file) => file.split('.')[1])).toEqual(['blob', 'index', 'seek']);
      const seek = readdirSync(store.folder).find((file) => file.endsWith('.seek')) ?? '';
      // A hundredth of what the layer holds.
      expect(statSync(join(store.folder, seek)).size).toBeLessThanOrEqual(tar.length / 100);
      const middle = entries[133]!;
      expect(await readAll(layer, middle.path)).toEqual({ verification: 'verified', content: middle.content });
      expect(blobRequests).toEqual(['whole']);

      evict(store.folder, 'blob');
      for (const entry of [entries[0]!, middle, entries.at(-1)!]) {
        blobRequests.length = 0;
        expect(await readAll(layer, entry.path)).toEqual({ verification: 'verified', content: entry.content });
        expect(blobRequests).toHaveLength(1);
        const [, start, last] = /^bytes=(\d+)-(\d*)$/.exec(blobRequests[0] ?? '') ?? [];
        const end = last === '' ? descriptor.sizeBytes : Number(last) + 1;
        expect(end - Number(start)).toBeLessThanOrEqual(4 * MIB + 100_000);
      }
    },
  );

  test('is the same at any place, by seek points and by whole reads', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    // One file as large as the layer; its parts are files of a second layer over the same bytes.
    const descriptor = registry.add(blobs.gzip!);
    const layer = await store.open({ client, repository, descriptor });
    await store.settled();
    evict(store.folder, 'blob');
    for (let index = 1; index < entries.length; index += 17) {
      const { path, content } = entries[index]!;
      expect((await readAll(layer, path)).content.equals(content as Buffer)).toBe(true);
    }
  });

  test('is read by a second start without reading the blob again', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository, blobRequests } = registry;
    const descriptor = registry.add(blobs.gzip!);
    await store.open({ client, repository, descriptor });
    await store.settled();
    await using again = openLayerStore({ folder: store.folder });
    const layer = await again.open({ client, repository, descriptor });
    expect((await readAll(layer, entries[77]!.path)).content).toEqual(entries[77]!.content);
    expect(blobRequests).toEqual(['whole']);
  });

  test('K03 comes from the registry when the kept blob was changed, and the blob goes', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository, blobRequests } = registry;
    const descriptor = registry.add(blobs['no compression']!);
    const layer = await store.open({ client, repository, descriptor });
    await store.settled();
    const blob = join(
      store.folder,
      readdirSync(store.folder).find((name) => name.endsWith('.blob'))!,
    );
    const bytes = readFileSync(blob);
    const { offset = 0 } = layer.find(entries[50]!.path)!;
    bytes[offset + 90_000]! ^= 1;
    writeFileSync(blob, bytes);
    expect((await readAll(layer, entries[50]!.path)).content).toEqual(entries[50]!.content);
    expect(blobRequests).toHaveLength(2);
    expect(readdirSync(store.folder).some((name) => name.endsWith('.blob'))).toBe(false);
  });

  test('K03 is read anew with the whole blob when a kept small one was changed', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository, blobRequests } = registry;
    const descriptor = registry.add(writeTar([{ path: 'motd', type: 'file', content: 'welcome\n' }]));
    const layer = await store.open({ client, repository, descriptor });
    const blob = join(
      store.folder,
      readdirSync(store.folder).find((name) => name.endsWith('.blob'))!,
    );
    writeFileSync(blob, readFileSync(blob).fill('W', 512, 513));
    expect((await readAll(layer, 'motd')).content.toString()).toBe('welcome\n');
    expect(blobRequests).toEqual(['whole', 'whole']);
    expect((await readAll(layer, 'motd')).content.toString()).toBe('welcome\n');
    expect(blobRequests).toHaveLength(2);
  });

  test('is refused when the registry gives other bytes than before', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const descriptor = registry.add(blobs.gzip!);
    const layer = await store.open({ client, repository, descriptor });
    await store.settled();
    evict(store.folder, 'blob');
    const other = gzipSync(bigTar(240, 100_000).tar.fill('other', 40_000, 20_000_000));
    registry.answerWith((request) =>
      blobReply(request, Buffer.concat([other, blobs.gzip!]).subarray(0, blobs.gzip!.length)),
    );
    const error = await registryErrorOf(readAll(layer, entries[120]!.path));
    expect(error.kind).toBe('digest-mismatch');
  });

  test('is read from a registry that knows no ranges', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const descriptor = registry.add(blobs.gzip!);
    const layer = await store.open({ client, repository, descriptor });
    await store.settled();
    evict(store.folder, 'blob');
    registry.answerWith((_request, bytes) => ({ body: bytes }));
    expect((await readAll(layer, entries[150]!.path)).content).toEqual(entries[150]!.content);
  });

  test('is called unverified where nothing is kept to check it against', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ limitBytes: 0 });
    const { client, repository } = registry;
    const descriptor = registry.add(blobs.gzip!);
    const layer = await store.open({ client, repository, descriptor });
    expect(readdirSync(store.folder)).toEqual([]);
    expect(await readAll(layer, entries[3]!.path)).toEqual({
      verification: 'unverified',
      content: entries[3]!.content,
    });
  });

  test('is previewed by its first bytes', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const layer = await store.open({ client, repository, descriptor: registry.add(blobs.gzip!) });
    const { order } = layer.find(entries[9]!.path)!;
    const content = entries[9]!.content as Buffer;
    expect(await layer.preview(order, { limitBytes: 1000 })).toMatchObject({
      bytes: content.subarray(0, 1000),
      isWhole: false,
      sizeBytes: 100_000,
    });
    expect(await layer.preview(order, { limitBytes: MIB })).toMatchObject({ bytes: content, isWhole: true });
    await expect(layer.preview(order, { limitBytes: 2 * MIB })).rejects.toThrow('a preview has at most');
  });
});
