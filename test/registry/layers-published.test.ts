import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { OpenLayer } from '#main/core/layers/open-layer.ts';
import { blobReply, startBlobRegistry } from '#test/support/blob-registry.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { openLayerStore } from '#test/support/layer-store.ts';
import { PUBLISHED_LAYERS } from '#test/support/published-layers/published-layers.ts';
import { toldEntries } from '#test/support/told-entries.ts';

const contentOf = async (layer: OpenLayer, path: string) => {
  const { stream, verification } = await layer.readFile(layer.find(path)!.order);
  return { verification, content: await buffer(stream) };
};

test('a small layer is read whole, since that takes no more requests and is verified', async () => {
  await using registry = await startBlobRegistry();
  await using store = openLayerStore();
  const [{ bytes, annotations }] = PUBLISHED_LAYERS as [(typeof PUBLISHED_LAYERS)[0]];
  const call = {
    client: registry.client,
    repository: registry.repository,
    descriptor: registry.add(bytes, annotations),
  };
  expect((await store.open(call)).origin).toBe('verified');
});

describe.for(PUBLISHED_LAYERS)('a table of contents published in $name', ({ bytes, annotations }) => {
  test('lists what a whole read lists, by at most two requests', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0 });
    const call = { client: registry.client, repository: registry.repository };
    const descriptor = registry.add(bytes, annotations);
    const told = await store.open({ ...call, descriptor });
    expect(told).toMatchObject({ origin: 'published-index', completeness: { isComplete: true }, diffId: undefined });
    expect(registry.blobRequests).toHaveLength(1);
    expect(registry.blobRequests[0]).toMatch(/^bytes=/);
    const read = await store.open({ ...call, descriptor, ignorePublished: true });
    expect(read.origin).toBe('verified');
    const tolds = await toldEntries(told);
    expect(tolds.size).toBeGreaterThanOrEqual(12);
    expect(tolds).toEqual(await toldEntries(read));
  });

  test('gives one file by one request, checked piece by piece', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0 });
    const call = { client: registry.client, repository: registry.repository };
    const descriptor = registry.add(bytes, annotations);
    const told = await store.open({ ...call, descriptor });
    registry.blobRequests.length = 0;
    const tool = await contentOf(told, 'usr/bin/tool');
    expect(registry.blobRequests).toHaveLength(1);
    expect(tool.verification).toBe('by-published-index');
    const read = await store.open({ ...call, descriptor, ignorePublished: true });
    expect(await contentOf(read, 'usr/bin/tool')).toEqual({ verification: 'verified', content: tool.content });
    expect((await contentOf(told, 'etc/motd')).content.toString()).toBe('welcome\n');
    expect((await contentOf(told, 'etc/nothing')).content).toHaveLength(0);
  });

  test('is kept, and gives way to what was verified', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0 });
    const call = {
      client: registry.client,
      repository: registry.repository,
      descriptor: registry.add(bytes, annotations),
    };
    await store.open(call);
    await using second = openLayerStore({ folder: store.folder, publishedFromBytes: 0 });
    expect((await second.open(call)).origin).toBe('published-index');
    expect(registry.blobRequests).toHaveLength(1);
    await second.open({ ...call, ignorePublished: true });
    await using third = openLayerStore({ folder: store.folder, publishedFromBytes: 0 });
    expect((await third.open(call)).origin).toBe('verified');
    expect(readdirSync(store.folder).map((name) => name.split('.')[1])).toEqual(['blob', 'index', 'published']);
  });

  test('is not believed when the manifest vouches for another', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0 });
    const others = annotations.map(([name, value]) => [name, value.replace(/^sha256:..../, 'sha256:0000')] as const);
    const descriptor = registry.add(bytes, others);
    const layer = await store.open({ client: registry.client, repository: registry.repository, descriptor });
    expect(layer.origin).toBe('verified');
    expect(store.logged()).toContain('layers.published-index-unusable');
  });

  test('is passed over where the registry knows no ranges', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0 });
    registry.answerWith((_request, whole) => ({ body: whole }));
    const descriptor = registry.add(bytes, annotations);
    const layer = await store.open({ client: registry.client, repository: registry.repository, descriptor });
    expect(layer.origin).toBe('verified');
  });

  test('lets no other bytes pass for a file', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0 });
    const descriptor = registry.add(bytes, annotations);
    const layer = await store.open({ client: registry.client, repository: registry.repository, descriptor });
    const changed = Buffer.from(bytes);
    for (let at = 2000; at < 6000; at += 97) changed[at]! ^= 0x10;
    registry.answerWith((request) => blobReply(request, changed));
    const error = await registryErrorOf(contentOf(layer, 'usr/bin/tool'));
    expect(error.kind).toBe('digest-mismatch');
  });
});

describe('a table of contents that takes more than lies between the threads at once', () => {
  /** A blob of nothing but that table, as zstd:chunked has it. */
  const blobOf = (table: Buffer) => {
    const packed = zstdCompressSync(table);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0x18_4d_2a_50, 0);
    head.writeUInt32LE(packed.length, 4);
    const checksum = `sha256:${createHash('sha256').update(packed).digest('hex')}`;
    const annotations = [
      ['io.github.containers.zstd-chunked.manifest-checksum', checksum],
      ['io.github.containers.zstd-chunked.manifest-position', `${head.length}:${packed.length}:${table.length}:1`],
    ] as const;
    return { bytes: Buffer.concat([head, packed]), annotations, packedBytes: packed.length };
  };

  test('is listed to its last entry', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const names = Array.from({ length: 120_000 }, () => randomBytes(64).toString('hex'));
    const entries = names.map((name) => JSON.stringify({ name, type: 'dir', mode: 0o755 }));
    const { bytes, annotations, packedBytes } = blobOf(Buffer.from(`{"version":1,"entries":[${entries.join(',')}]}`));
    expect(packedBytes).toBeGreaterThan(7 * 1024 * 1024);
    const descriptor = registry.add(bytes, annotations);
    const layer = await store.open({ client: registry.client, repository: registry.repository, descriptor });
    expect(layer).toMatchObject({ origin: 'published-index', entryCount: names.length });
    expect(layer.find(names.at(-1) ?? '')).toMatchObject({ type: 'directory', order: names.length - 1 });
    expect(registry.blobRequests).toHaveLength(1);
  });

  test('is given up when its begin is no table, and the blob is read', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { bytes, annotations } = blobOf(randomBytes(12 * 1024 * 1024));
    const descriptor = registry.add(bytes, annotations);
    const layer = await store.open({ client: registry.client, repository: registry.repository, descriptor });
    expect(layer).toMatchObject({ origin: 'verified', entryCount: 0 });
    expect(store.logged()).toContain('layers.published-index-unusable');
  });
});
