import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { createOpenImages } from '#main/core/layers/opened/open-images.ts';
import { writeTar } from '#main/core/local-registry/image-builder/tar.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { type Engine, startEngine, systemClock } from '#test/support/engine.ts';
import { openLayerStore } from '#test/support/layer-store.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { build, buildImage, type Built, digestOf } from '#test/support/oci-builder.ts';
import { pushBlob, pushImage, pushManifest } from '#test/support/push-image.ts';
import { tarInfo, ztoc } from '#test/support/ztoc.ts';

const V1 = 'application/vnd.amazon.soci.index.v1+json';
const V2 = 'application/vnd.amazon.soci.index.v2+json';
const BIG = randomBytes(1 << 20);

const tar = writeTar([
  { path: 'big', type: 'file', content: BIG },
  { path: 'etc/motd', type: 'file', content: 'welcome\n' },
]);
const MOTD_AT = 512 + BIG.length + 512;
const HALF = tar.length / 2;
const layer = build(tar, MEDIA_TYPE.ociLayer);
const small = build(writeTar([{ path: 'small', type: 'file', content: 'small' }]), MEDIA_TYPE.ociLayer);
const table = tableOf('big');

/** With one name of ours, so that what is listed tells where it comes from. */
function tableOf(name: string): Built {
  const bytes = ztoc({
    blobBytes: tar.length,
    tarBytes: tar.length,
    entries: [
      { name, offset: 512, size: BIG.length },
      { name: 'etc/motd', offset: MOTD_AT, size: 8 },
      { name: 'only-in-the-table', offset: MOTD_AT + 1024 },
    ],
    info: tarInfo(tar.length, [digestOf(tar.subarray(0, HALF)), digestOf(tar.subarray(HALF))]),
  });
  return build(bytes, 'application/octet-stream', {
    annotations: { 'com.amazon.soci.image-layer-digest': layer.descriptor.digest },
  });
}

function indexOf(type: string, extra: Readonly<Record<string, unknown>> = {}, one: Built = table): Built {
  const { digest, size } = build('{}', type).descriptor;
  const config = { mediaType: type, digest, size };
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers: [one.descriptor], ...extra };
  return build(manifest, MEDIA_TYPE.ociManifest);
}

let registry: TestRegistry;
let engine: Engine;
let last = 0;

beforeAll(async () => {
  registry = await startTestRegistry();
  engine = startEngine(registry.address);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await registry.stop();
});

/** A repository of its own with the image, and whatever is attached to it. */
async function pushed(image: ReturnType<typeof buildImage>, index: Built | undefined) {
  const repository = `soci/${(last += 1)}`;
  for (const blob of [table, build('{}', 'text/plain')]) await pushBlob(registry.address, repository, blob);
  if (index !== undefined) await pushManifest(registry.address, repository, index, [index.descriptor.digest]);
  await pushImage(registry.address, repository, image, ['image']);
  return { registryId: 'r', repository, digest: digestOf(image.bytes) };
}

/** Opens it with a client that notes what is asked of it. */
async function opened(target: Awaited<ReturnType<typeof pushed>>, changed: Partial<RegistryClient> = {}) {
  const store = openLayerStore();
  const asked: string[] = [];
  const { client } = engine;
  const noting: RegistryClient = {
    ...client,
    openBlob: (call) => {
      asked.push(call.descriptor.digest);
      return client.openBlob(call);
    },
    listReferrers: (call) => {
      asked.push('referrers');
      return client.listReferrers(call);
    },
    ...changed,
  };
  const images = createOpenImages({ store, clientOf: () => Promise.resolve(noting), clock: systemClock });
  for await (const event of images.open(target, new AbortController().signal)) void event;
  const image = images.get(target);
  const read = async (path: string) => {
    const { entry } = await image.findFile({ kind: 'merged', deleted: false }, path);
    const { stream, verification } = await image.readFile(entry);
    return { verification, content: await buffer(stream) };
  };
  const origins = image.layers.map((one) => one?.origin);
  return { asked, read, origins, layer: image.layers[0], [Symbol.asyncDispose]: () => store.close() };
}

describe('opening an image', () => {
  const image = buildImage({ layers: [layer, small] });
  const subject = { mediaType: MEDIA_TYPE.ociManifest, digest: digestOf(image.bytes), size: image.bytes.length };

  test('lists a layer from the SOCI index that refers to the image, and says of no file that it is vouched for', async () => {
    await using found = await opened(await pushed(image, indexOf(V1, { subject })));
    expect(found.origins).toEqual(['published-index', 'verified']);
    expect(found.layer?.find('only-in-the-table')).toBeDefined();
    expect(found.asked).not.toContain(layer.descriptor.digest);
    expect(await found.read('etc/motd')).toEqual({ verification: 'unverified', content: Buffer.from('welcome\n') });
    expect((await found.read('big')).content.equals(BIG)).toBe(true);
  });

  test('lists a layer from the SOCI index that its manifest names, without a look at what refers to it', async () => {
    const index = indexOf(V2);
    const annotations = { 'com.amazon.soci.index-digest': index.descriptor.digest };
    const named = buildImage({ layers: [layer, small], manifest: { annotations } });
    await using found = await opened(await pushed(named, index));
    expect(found.origins).toEqual(['published-index', 'verified']);
    expect(found.asked).not.toContain('referrers');
    expect((await found.read('etc/motd')).verification).toBe('by-published-index');
  });

  test('of small layers looks for no index', async () => {
    const little = buildImage({ layers: [small] });
    await using found = await opened(await pushed(little, undefined));
    expect(found.origins).toEqual(['verified']);
    expect(found.asked).not.toContain('referrers');
  });

  test.each([
    ['there is none', undefined, {}],
    ['it is of another kind', indexOf(V2, { subject }), {}],
    ['it has a table for another layer', indexOf(V1, { subject }, build(table.bytes, 'application/octet-stream')), {}],
    [
      'nobody may see what refers to the image',
      indexOf(V1, { subject }),
      { listReferrers: () => engine.client.listTags({ repository: 'nobody/here' }).then(() => Promise.reject()) },
    ],
  ])('reads the blob where %s', async (_why, index, changed) => {
    await using found = await opened(await pushed(image, index), changed);
    expect(found.origins).toEqual(['verified', 'verified']);
    expect(found.layer?.find('only-in-the-table')).toBeUndefined();
  });
});
