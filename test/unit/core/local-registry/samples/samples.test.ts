import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltContent, digestOfBytes } from '#main/core/local-registry/image-builder/content.ts';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { seedSamples } from '#main/core/local-registry/samples/seed-samples.ts';
import { openStore, type RegistryStore } from '#main/core/local-registry/store/registry-store.ts';
import { parseImageConfig } from '#shared/oci/parse-image-config.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { makeTemporaryFolder } from '#test/support/local-registry.ts';

const pushes = SAMPLES.flatMap((sample) =>
  [...sample.build()].map(({ content, tags }) => ({
    content,
    name: `${sample.repository}:${tags[0] ?? content.descriptor.digest}`,
  })),
);
const repositories = SAMPLES.map((sample) => sample.repository);

/** Digests of `latest`, pinned: a person's pull by digest must hold on every machine and in every release. */
const LATEST: Readonly<Record<string, string>> = {
  'samples/hello-multiarch': 'sha256:a573e22ccd4fc1735c981f0660150e3b193c9ca361b95870bd7b63b3e6fee4da',
  'samples/attested': 'sha256:305067bf8eded731b579334feb9b776f2a856160a84c8b6cef21477a8392bda8',
  'samples/team/web/api': 'sha256:c0d2f820fafcfb57e749519fb9948cfc683fce7fb54cb5a848d1d157367b298a',
  'samples/nested-index': 'sha256:06080d2942fe1724307e9c0293f8cae24c6039deab114ddc22a88e40fe0c0b5f',
  'samples/artifact': 'sha256:8c0d0bb26c90680f0ba2098fdf9ac656200cd97005c6b7acd2ea2410bc8ffe29',
  'samples/docker-schema2': 'sha256:edf6b600b40187743780853cc6640a30fa47199333d00840418b964c5f9ff8d6',
  'samples/missing-history': 'sha256:4da87771297d98824b88033b0cbcff2048821b0a01f78d9adaf08b52d0ecc7c6',
  'samples/whiteouts': 'sha256:bae1b6ee35f3d764742e4cb799ba5f3bdb6f71127e6f58a9eefe40c0ff757f0a',
  'samples/odd-text': 'sha256:a8f66cf69cedcb3a43c513298c6ebab4a6d1aeba2bd4b3f9d34894896ce02484',
  'samples/many-tags': 'sha256:171bfd3202e28f17e1081a0a7c08848806833023a05a400de77a07f5c3a0fc53',
};

describe('every sample', () => {
  test.each(Object.entries(LATEST))('%s has the digest it has everywhere', (repository, digest) => {
    const sample = SAMPLES.find((one) => one.repository === repository);
    const latest = [...(sample?.build() ?? [])].find((push) => push.tags.includes('latest'));
    expect(latest?.content.descriptor.digest).toBe(digest);
  });

  test.each(pushes)('$name holds what it refers to, under true digests and sizes', ({ content }) => {
    const sizes = sizesOf(content);
    for (const { digest, bytes } of [...content.blobs, ...content.manifests]) expect(digestOfBytes(bytes)).toBe(digest);
    for (const { bytes } of content.manifests) {
      for (const one of descriptorsIn(bytes))
        expect([one.digest, sizes.get(one.digest)]).toEqual([one.digest, one.size]);
    }
  });

  test.each(pushes)('$name has layers that unpack to the diff ids of its config', ({ content }) => {
    const blobs = new Map(content.blobs.map(({ digest, bytes }) => [digest, bytes]));
    for (const image of imagesOf(content)) {
      const config = parseImageConfig(blobs.get(image.config.digest) ?? Buffer.alloc(0));
      const diffIds = image.layers.map((layer) =>
        digestOfBytes(unpack(blobs.get(layer.digest) ?? Buffer.alloc(0), layer.mediaType)),
      );
      expect(diffIds).toEqual(config.diffIds);
      const layersInHistory = config.history.filter((entry) => !entry.emptyLayer).length;
      expect([0, diffIds.length]).toContain(layersInHistory);
    }
  });
});

// Each fills a folder with six hundred files that reach the disk.
describe('seedSamples', () => {
  let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
  let store: RegistryStore;
  const open = () => openStore({ dir: folder.path, clock: { now: Date.now } });
  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    store = await open();
    await seedSamples(store);
  }, 90_000);
  afterAll(() => folder.remove());

  test('puts every sample on the shelf with every tag', async () => {
    expect(await store.listRepositories()).toEqual(repositories.toSorted());
    for (const sample of SAMPLES) {
      const tags = [...sample.build()].flatMap((push) => push.tags);
      expect(await store.listTags(sample.repository)).toEqual(tags.toSorted());
    }
    expect((await store.listTags('samples/many-tags'))?.length).toBeGreaterThanOrEqual(55);
  });

  test('lists the referrers of the attested sample', async () => {
    const subject = await store.resolveTag('samples/attested', 'latest');
    const referrers = subject && (await store.listReferrers('samples/attested', subject));
    expect(new Set((referrers || []).map((one) => one.artifactType))).toEqual(
      new Set(['application/vnd.dev.cosign.artifact.sig.v1+json', 'application/spdx+json']),
    );
  });

  test('stops without an error and without the marker when aborted while a push is stored', async () => {
    const other = await makeTemporaryFolder();
    const stop = new AbortController();
    const unfinished = await openStore({ dir: other.path, clock: { now: Date.now }, durable: false });
    const putManifest: RegistryStore['putManifest'] = async (...push) => {
      stop.abort();
      // Long enough for the worker to be gone when the next push is asked for.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return unfinished.putManifest(...push);
    };
    await seedSamples({ ...unfinished, putManifest }, stop.signal);
    expect(await unfinished.listRepositories()).toHaveLength(1);
    await seedSamples(unfinished);
    expect(await unfinished.listRepositories()).toEqual(repositories.toSorted());
    await other.remove();
  });

  test('fails, without the marker, when the thread that builds them ends before the last', async () => {
    const other = await makeTemporaryFolder();
    const unfinished = await openStore({ dir: other.path, clock: { now: Date.now }, durable: false });
    const worker = once(process, 'worker') as Promise<[Worker]>;
    const putManifest: RegistryStore['putManifest'] = async (...push) => {
      const [thread] = await worker;
      await thread.terminate();
      return unfinished.putManifest(...push);
    };
    await expect(seedSamples({ ...unfinished, putManifest })).rejects.toMatchObject({ name: 'SamplesCutShortError' });
    await expect(stat(unfinished.layout.samplesMarker)).rejects.toMatchObject({ code: 'ENOENT' });
    await other.remove();
  });

  test('does not bring back what a person deleted', async () => {
    for (const tag of (await store.listTags('samples/zstd')) ?? []) {
      const digest = await store.resolveTag('samples/zstd', tag);
      if (digest !== undefined) await store.deleteManifest('samples/zstd', digest);
    }
    const reopened = await open();
    await seedSamples(reopened);
    expect(await reopened.listTags('samples/zstd')).toBeUndefined();
  });
});

function sizesOf(content: BuiltContent): ReadonlyMap<string, number> {
  return new Map([...content.blobs, ...content.manifests].map(({ digest, bytes }) => [digest, bytes.length]));
}

type WireReference = { readonly digest: string; readonly size: number };

function descriptorsIn(bytes: Uint8Array): readonly WireReference[] {
  const body = JSON.parse(Buffer.from(bytes).toString()) as Record<
    string,
    readonly WireReference[] | WireReference | undefined
  >;
  return ['config', 'layers', 'manifests'].flatMap((key) => body[key] ?? []);
}

/** The images of linux or windows in it; attestations and artifacts have no layers to unpack. */
function imagesOf(content: BuiltContent) {
  return content.manifests
    .map(({ bytes, mediaType }) => parseManifest(bytes, mediaType))
    .filter((manifest) => manifest.kind === 'image')
    .filter((manifest) => manifest.layers.every((layer) => !layer.mediaType.includes('in-toto')));
}

function unpack(bytes: Uint8Array, mediaType: string): Uint8Array {
  if (mediaType.endsWith('gzip')) return gunzipSync(bytes);
  return mediaType.endsWith('zstd') ? zstdDecompressSync(bytes) : bytes;
}
