import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import { startBlobRegistry } from '#test/support/blob-registry.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { openLayerStore } from '#test/support/layer-store.ts';
import { digestOf } from '#test/support/oci-builder.ts';

const TAR = writeTar([
  { path: 'etc/', type: 'directory' },
  { path: 'etc/motd', type: 'file', content: 'welcome\n', userName: 'web' },
  { path: 'etc/alias', type: 'hardlink', linkTo: './etc/motd' },
  { path: 'usr/bin/tool', type: 'file', content: Buffer.alloc(3000, 'x'), mode: 0o4755 },
  { path: 'usr/bin/.wh.old', type: 'file' },
  { path: 'srv/.wh..wh..opq', type: 'file' },
]);

describe('opening a layer', () => {
  test.for([
    ['gzip', gzipSync(TAR)],
    ['zstd', zstdCompressSync(TAR)],
    ['no compression', TAR],
  ] as const)('lists what is in it, with %s', async ([, blob]) => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const layer = await store.open({ client, repository, descriptor: registry.add(blob) });
    expect(layer).toMatchObject({
      origin: 'verified',
      completeness: { isComplete: true },
      remarks: [],
      entryCount: 6,
      tarBytes: TAR.length,
      diffId: digestOf(TAR),
    });
    const entries = [];
    for await (const { path, type, sizeBytes } of layer.entries()) entries.push([path, type, sizeBytes]);
    expect(entries).toEqual([
      ['etc', 'directory', 0],
      ['etc/motd', 'file', 8],
      ['etc/alias', 'hardlink', 0],
      ['usr/bin/tool', 'file', 3000],
      ['usr/bin/old', 'whiteout', 0],
      ['srv', 'opaque', 0],
    ]);
    expect(layer.find('etc/alias')).toMatchObject({ linkTarget: 'etc/motd' });
    expect(layer.find('usr/bin/tool')).toMatchObject({ mode: 0o4755, userName: 'root' });
    expect(layer.find('usr/bin/old')).toMatchObject({ type: 'whiteout' });
    expect(layer.find('usr')).toBeUndefined();
    expect(layer.list('', { start: 0, count: 10 })).toMatchObject({
      totalCount: 3,
      rows: [
        { name: 'etc', totalBytes: 8, fileCount: 1, childCount: 2 },
        { name: 'srv', path: 'srv' },
        { name: 'usr', totalBytes: 3000 },
      ],
    });
    expect(layer.list('no/such', { start: 0, count: 10 })).toBeUndefined();
  });

  test('asks for the blob once, and for nothing when the index is kept', async () => {
    await using registry = await startBlobRegistry();
    const { client, repository } = registry;
    const descriptor = registry.add(gzipSync(TAR));
    await using store = openLayerStore();
    await Promise.all([1, 2, 3].map(() => store.open({ client, repository, descriptor })));
    await store.open({ client, repository, descriptor });
    await using again = openLayerStore({ folder: store.folder });
    expect((await again.open({ client, repository, descriptor })).entryCount).toBe(6);
    expect(registry.blobRequests).toEqual(['whole']);
  });

  test('K03 makes a damaged index anew', async () => {
    await using registry = await startBlobRegistry();
    const { client, repository } = registry;
    const descriptor = registry.add(gzipSync(TAR));
    await using store = openLayerStore();
    await store.open({ client, repository, descriptor });
    const name = readdirSync(store.folder).find((each) => each.endsWith('.index')) ?? '';
    const path = join(store.folder, name);
    const bytes = readFileSync(path);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(path, bytes);
    await using again = openLayerStore({ folder: store.folder });
    expect((await again.open({ client, repository, descriptor })).entryCount).toBe(6);
    expect(again.logged()).toContain('layers.index-damaged');
  });

  test('keeps nothing of a blob with a wrong digest', async () => {
    await using registry = await startBlobRegistry();
    await using store = openLayerStore();
    const { client, repository } = registry;
    const other = gzipSync(writeTar([{ path: 'other', type: 'file' }]));
    const blob = gzipSync(TAR);
    const descriptor = registry.add(Buffer.concat([blob, Buffer.alloc(other.length)]).subarray(0, other.length));
    registry.answerWith(() => ({ body: other }));
    const error = await registryErrorOf(store.open({ client, repository, descriptor }));
    expect(error.kind).toBe('digest-mismatch');
    expect(readdirSync(store.folder)).toEqual([]);
  });
});
