import { readdirSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { PublishedToc } from '#main/core/layers/published/find-published.ts';
import type { OpenLayer } from '#main/core/layers/open-layer.ts';
import { type BlobRegistry, blobReply, startBlobRegistry } from '#test/support/blob-registry.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { openLayerStore, type TestStore } from '#test/support/layer-store.ts';
import { toldEntries } from '#test/support/told-entries.ts';
import { SOCI_LAYER, ztoc } from '#test/support/ztoc.ts';

/** A layer in a registry, with a table beside it. */
function published(registry: BlobRegistry, options: { bytes?: Uint8Array; isVouched?: boolean } = {}) {
  const { bytes = SOCI_LAYER.ztoc, isVouched = true } = options;
  const table = registry.add(bytes);
  const toc: PublishedToc = { format: 'soci', digest: table.digest, descriptor: table, isVouched };
  const call = { client: registry.client, repository: registry.repository, descriptor: registry.add(SOCI_LAYER.blob) };
  return { ...call, findTable: () => Promise.resolve(toc) };
}

async function contentOf(layer: OpenLayer, path: string) {
  const { stream, verification } = await layer.readFile(layer.find(path)!.order);
  return { verification, content: await buffer(stream) };
}

const open = (folder?: string): TestStore =>
  openLayerStore({ publishedFromBytes: 0, ...(folder === undefined ? {} : { folder }) });

describe('a table of contents beside a layer (SOCI)', () => {
  test('lists what a whole read lists, and the blob is not read', async () => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const call = published(registry);
    const told = await store.open(call);
    expect(told).toMatchObject({ origin: 'published-index', completeness: { isComplete: true }, diffId: undefined });
    expect(registry.blobRequests).toEqual(['whole']);
    const read = await store.open({ ...call, ignorePublished: true });
    expect(read.origin).toBe('verified');
    expect(await toldEntries(told)).toEqual(await toldEntries(read));
    expect(told.find('usr/bin/tool')?.offset).toBe(read.find('usr/bin/tool')?.offset);
  });

  test('gives every file by one request, from a span that begins in the middle of a byte', async () => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const call = published(registry);
    const told = await store.open(call);
    const read = await store.open({ ...call, ignorePublished: true });
    registry.blobRequests.length = 0;
    const tool = await contentOf(told, 'usr/bin/tool');
    expect(registry.blobRequests).toHaveLength(1);
    expect(registry.blobRequests[0]).toMatch(/^bytes=[1-9]/);
    expect(tool.verification).toBe('by-published-index');
    expect(tool.content.equals((await contentOf(read, 'usr/bin/tool')).content)).toBe(true);
    expect((await contentOf(told, 'etc/motd')).content.toString()).toBe('welcome\n');
    expect((await contentOf(told, 'etc/nothing')).content).toHaveLength(0);
  });

  test('vouches for no file when the manifest does not name it', async () => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const told = await store.open(published(registry, { isVouched: false }));
    expect((await contentOf(told, 'etc/motd')).verification).toBe('unverified');
  });

  test('is kept, for whoever says the same of the layer and for nobody else', async () => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const call = published(registry);
    await store.open(call);
    expect(readdirSync(store.folder).map((name) => name.split('.')[1])).toEqual(['published']);
    await using second = open(store.folder);
    expect((await second.open(call)).origin).toBe('published-index');
    expect(registry.blobRequests).toHaveLength(1);

    const other = ztoc({
      blobBytes: SOCI_LAYER.blob.length,
      tarBytes: 51_200,
      entries: [{ name: 'evil', offset: 512 }],
    });
    const lie = published(registry, { bytes: other, isVouched: false });
    expect((await second.open(lie)).find('evil')).toBeDefined();
    await using third = open(store.folder);
    for (const store of [second, third]) {
      const layer = await store.open(call);
      expect([layer.find('evil'), layer.find('etc/motd')?.type]).toEqual([undefined, 'hardlink']);
      expect((await store.open({ ...call, findTable: () => Promise.resolve(undefined) })).origin).toBe('verified');
    }
  });

  test('gives way to what was verified, and is not even looked for then', async () => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const call = published(registry);
    await store.open({ ...call, ignorePublished: true });
    await using second = open(store.folder);
    const looking = { ...call, findTable: () => Promise.reject(new Error('looked for')) };
    expect((await second.open(looking)).origin).toBe('verified');
  });

  test.each([
    ['of another layer', ztoc({ blobBytes: 99, tarBytes: 51_200, entries: [] })],
    ['that is none', Buffer.from('not a table of contents')],
    ['that breaks off', SOCI_LAYER.ztoc.subarray(0, 3000)],
  ])('%s is refused, and the blob is read', async (_which, bytes) => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const layer = await store.open(published(registry, { bytes }));
    expect(layer.origin).toBe('verified');
    expect(store.logged()).toContain('layers.published-index-unusable');
  });

  test('of more entries than a bound is refused, and so is then the layer (T13)', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore({ publishedFromBytes: 0, limits: { maxEntries: 5 } });
    const layer = await store.open(published(registry));
    expect(layer).toMatchObject({ origin: 'verified', completeness: { isComplete: false, reason: 'entry-limit' } });
  });

  test.each([
    ['with other bytes than its digest', { body: Buffer.alloc(SOCI_LAYER.ztoc.length) }],
    ['that is gone', { status: 404, body: '{}' }],
    ['that nobody may read', { status: 403, body: '{}' }],
  ])('%s costs only itself', async (_how, reply) => {
    await using registry = await startBlobRegistry();
    await using store = open();
    registry.answerWith((request, bytes) => (bytes.equals(SOCI_LAYER.ztoc) ? reply : blobReply(request, bytes)));
    expect((await store.open(published(registry))).origin).toBe('verified');
    expect(store.logged()).toContain('layers.published-index-unusable');
  });

  test('lets no other bytes pass for a file', async () => {
    await using registry = await startBlobRegistry();
    await using store = open();
    const layer = await store.open(published(registry));
    const changed = Buffer.from(SOCI_LAYER.blob);
    for (let at = 2000; at < 7000; at += 97) changed[at]! ^= 0x10;
    registry.answerWith((request) => blobReply(request, changed));
    expect((await registryErrorOf(contentOf(layer, 'usr/bin/tool'))).kind).toBe('digest-mismatch');
    registry.answerWith((request) => blobReply(request, SOCI_LAYER.blob.subarray(0, 6000)));
    expect((await registryErrorOf(contentOf(layer, 'usr/bin/tool'))).kind).toBe('protocol');
  });
});
