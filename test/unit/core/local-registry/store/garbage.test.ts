import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildArtifact, buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { pushToStore } from '#main/core/local-registry/image-builder/push-to-store.ts';
import { digestOf } from '#main/core/content-digest.ts';
import { openStore, type RegistryStore } from '#main/core/local-registry/store/registry-store.ts';
import { ContentMissingError } from '#main/core/local-registry/store/store-error.ts';
import { makeTemporaryFolder } from '#test/support/local-registry.ts';

const HOUR_MS = 60 * 60 * 1000;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let store: RegistryStore;
let nowMs = 0;
beforeEach(async () => {
  nowMs = Date.now();
  folder = await makeTemporaryFolder();
  store = await openStore({ dir: folder.path, clock: { now: () => nowMs } });
});
afterEach(() => folder.remove());

const image = (text: string) =>
  buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: [{ createdBy: 'COPY', layer: buildLayer([{ path: 'file', type: 'file', content: text }]) }],
  });
async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const laterBy = (ms: number) => {
  nowMs += ms;
};

describe('collectGarbage', () => {
  test('keeps everything that a manifest needs, tagged or not', async () => {
    const content = image('one');
    await pushToStore(store, 'app', content, []);
    laterBy(48 * HOUR_MS);
    expect(await store.collectGarbage()).toEqual({ removedBlobs: 0, freedBytes: 0 });
    for (const { digest } of content.blobs) expect(await store.statBlob('app', digest)).toBeDefined();
  });

  test('removes what a deleted image alone needed, and its folders', async () => {
    const [one, two] = [image('one'), image('two')];
    await pushToStore(store, 'deep/app', one, ['v1']);
    await pushToStore(store, 'other', two, ['v1']);
    await store.deleteManifest('deep/app', one.descriptor.digest);
    laterBy(2 * HOUR_MS);
    const { removedBlobs, freedBytes } = await store.collectGarbage();
    expect(removedBlobs).toBe(one.blobs.length + one.manifests.length);
    expect(freedBytes).toBe([...one.blobs, ...one.manifests].reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect(await readdir(store.layout.repositoriesDir)).toEqual(['other']);
    for (const { digest } of two.blobs) expect(await store.statBlob('other', digest)).toBeDefined();
  });

  test('keeps content that another repository still needs', async () => {
    const content = image('shared');
    await pushToStore(store, 'one', content, ['v1']);
    await pushToStore(store, 'two', content, ['v1']);
    await store.deleteManifest('one', content.descriptor.digest);
    laterBy(2 * HOUR_MS);
    expect((await store.collectGarbage()).removedBlobs).toBe(0);
    for (const { digest } of content.blobs) {
      expect(await store.statBlob('one', digest)).toBeUndefined();
      expect(await store.statBlob('two', digest)).toBeDefined();
    }
  });

  test('keeps a blob without a manifest for an hour after it was written or last asked for', async () => {
    const digest = await store.putBlob('app', Buffer.from('waiting for its manifest'));
    laterBy(HOUR_MS - 60_000);
    await store.collectGarbage();
    expect(await store.statBlob('app', digest)).toBeDefined();
    laterBy(HOUR_MS - 60_000);
    await store.collectGarbage();
    expect(existsSync(store.layout.blob(digest))).toBe(true);
    laterBy(2 * HOUR_MS);
    await store.collectGarbage();
    expect(existsSync(store.layout.blob(digest))).toBe(false);
    expect(await store.statBlob('app', digest)).toBeUndefined();
  });

  test('keeps all blobs of a repository with a manifest that is not JSON', async () => {
    const digest = await store.putBlob('app', Buffer.from('whose?'));
    const bytes = Buffer.from('{ cut');
    await store.putManifest('app', { bytes, digest: digestOf(bytes), mediaType: 'a/b' });
    laterBy(2 * HOUR_MS);
    expect((await store.collectGarbage()).removedBlobs).toBe(0);
    expect(await store.statBlob('app', digest)).toBeDefined();
  });

  test('without any grace, while images are pushed: each is whole, or refused since a blob of it went', async () => {
    const contents = Array.from({ length: 24 }, (_, index) => image(`image ${index}`));
    const pushes = contents.map((content, index) => pushToStore(store, `app${index % 3}`, content, [`v${index}`]));
    const sweeps = contents.map(() => store.collectGarbage(-1));
    const results = await Promise.allSettled(pushes);
    await Promise.all(sweeps);
    await store.collectGarbage(-1);
    for (const [index, content] of contents.entries()) {
      const [repository, result] = [`app${index % 3}`, results[index]];
      const refused = result?.status === 'rejected' ? result.reason : undefined;
      expect(refused === undefined || refused instanceof ContentMissingError).toBe(true);
      const stored = await Promise.all(content.blobs.map(({ digest }) => store.statBlob(repository, digest)));
      const isWhole = stored.every((stats) => stats !== undefined);
      const tagged = await store.resolveTag(repository, `v${index}`);
      expect([tagged, isWhole || refused !== undefined]).toEqual([
        refused === undefined ? content.descriptor.digest : undefined,
        true,
      ]);
    }
  });

  test('a blob that a client is told is there is not swept before its manifest, however old it is', async () => {
    const digest = await store.putBlob('app', Buffer.from('old'));
    laterBy(2 * HOUR_MS);
    const [, told] = await Promise.all([store.collectGarbage(), store.statBlob('app', digest), store.collectGarbage()]);
    const bytes = Buffer.from(JSON.stringify({ layers: [{ digest }] }));
    const needs = { blobs: [digest], manifests: [] };
    const put = store.putManifest('app', { bytes, digest: digestOf(bytes), mediaType: 'a/b', needs });
    const isStored = await put.then(
      () => true,
      () => false,
    );
    expect(isStored).toBe(told !== undefined);
  });

  test('an upload under way is none of its business', async () => {
    const { id } = await store.startUpload('app');
    await store.appendUpload('app', id, chunk('half'));
    await store.collectGarbage(-1);
    await store.finishUpload('app', id, digestOf(Buffer.from('half and half')), chunk(' and half'));
    await store.collectGarbage();
    expect(await store.statBlob('app', digestOf(Buffer.from('half and half')))).toEqual({ sizeBytes: 13 });
  });

  test('removes an entry of a referrer whose manifest was never written', async () => {
    const subject = digestOf(Buffer.from('subject'));
    const { bytes, digest, mediaType } = {
      bytes: Buffer.from('{}'),
      digest: digestOf(Buffer.from('{}')),
      mediaType: 'a/b',
    };
    const descriptor = { mediaType, digest, size: 2 };
    await store.putManifest('app', { bytes, digest, mediaType, refersTo: { subject, descriptor } });
    const entry = store.layout.referrer('app', subject, digest);
    await rm(store.layout.manifest('app', digest));
    expect(await store.listReferrers('app', subject)).toEqual([]);
    await store.collectGarbage();
    expect(existsSync(entry)).toBe(true);
    laterBy(2 * HOUR_MS);
    await store.collectGarbage();
    expect(existsSync(entry)).toBe(false);
  });

  test('keeps the files of an artifact', async () => {
    const content = buildArtifact({ artifactType: 'a/b', files: [{ content: 'report', mediaType: 'text/plain' }] });
    await pushToStore(store, 'app', content, ['v1']);
    laterBy(2 * HOUR_MS);
    expect((await store.collectGarbage()).removedBlobs).toBe(0);
  });
});
