import { beforeEach, describe, expect, it } from 'vitest';
import type { ImageView, IndexView, SingleImageView } from '#main/core/image/image-view.ts';
import { resolveImage } from '#main/core/image/resolve-image.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { createMemoryRegistry, type MemoryRegistry } from '#test/support/memory-registry.ts';
import {
  build,
  buildAttestation,
  buildConfig,
  buildImage,
  type BuiltImage,
  buildIndex,
  buildLayer,
  bytesOf,
  digestOf,
} from '#test/support/oci-builder.ts';

let registry: MemoryRegistry;
beforeEach(() => {
  registry = createMemoryRegistry();
});

function resolve(reference: string, signal?: AbortSignal): Promise<ImageView> {
  const hostPlatform = parsePlatform('linux/arm64');
  return resolveImage({ client: registry.client, repository: 'team/app', reference, hostPlatform, signal });
}

async function resolveAs<Kind extends ImageView['kind']>(
  kind: Kind,
  reference: string,
): Promise<Extract<ImageView, { readonly kind: Kind }>> {
  const view = await resolve(reference);
  expect(view.kind).toBe(kind);
  return view as Extract<ImageView, { readonly kind: Kind }>;
}

function platformImage(platform: string): BuiltImage {
  const { os, architecture, variant, osVersion } = parsePlatform(platform);
  const fields = { os, architecture, variant, 'os.version': osVersion };
  return buildImage({ config: fields, descriptor: { platform: fields } });
}

describe('resolveImage of an index', () => {
  const amd64 = platformImage('linux/amd64');
  const arm64 = platformImage('linux/arm64/v8');
  const windows = platformImage('windows/amd64:10.0.20348.1');
  const forArm = buildAttestation(arm64.descriptor.digest);

  async function resolveIndex(): Promise<IndexView> {
    registry.put(buildIndex([amd64, arm64, forArm, windows], { annotations: { a: 'b' } }), 'v1');
    return resolveAs('index', 'v1');
  }

  it('has its children in order, attestations folded, and asks for the index alone', async () => {
    const view = await resolveIndex();
    expect(view.children.map((child) => [child.platformText, child.attestations.length])).toEqual([
      ['linux/amd64', 0],
      ['linux/arm64/v8', 1],
      ['windows/amd64:10.0.20348.1', 0],
    ]);
    expect(view.annotations).toEqual([['a', 'b']]);
    expect(registry.requests).toEqual(['manifest v1']);
  });

  it('shows the platform of this machine first', async () => {
    expect((await resolveIndex()).defaultChild).toBe(arm64.descriptor.digest);
  });

  it('takes the first child when none is a platform, and none from nothing', async () => {
    const nested = buildIndex([amd64]);
    registry.put(buildIndex([nested, buildAttestation(nested.descriptor.digest)]), 'nested');
    expect((await resolveAs('index', 'nested')).defaultChild).toBe(nested.descriptor.digest);
    registry.put(buildIndex([]), 'empty');
    expect((await resolveAs('index', 'empty')).defaultChild).toBeUndefined();
  });

  it('leaves out inline data that is something else, and says so (M16)', async () => {
    const data = (text: string): string => Buffer.from(text).toString('base64');
    const good = build('good', MEDIA_TYPE.ociManifest, { data: data('good') });
    const bad = build('bad!', MEDIA_TYPE.ociManifest, { data: data('evil') });
    registry.put(buildIndex([good, bad]), 'v1');
    const view = await resolveAs('index', 'v1');
    expect(view.children.map((child) => child.descriptor.data)).toEqual([data('good'), undefined]);
    expect(view.warnings).toEqual([{ source: 'gantry', text: expect.stringContaining(bad.descriptor.digest) }]);
  });
});

describe('resolveImage of an image', () => {
  async function resolveBuilt(image: BuiltImage): Promise<SingleImageView> {
    registry.putImage(image, 'v1');
    return resolveAs('image', 'v1');
  }

  it('joins manifest, config, layers and history in two requests', async () => {
    const layers = [
      buildLayer('a'),
      buildLayer('b', 'application/vnd.oci.image.layer.v1.tar+zstd'),
      buildLayer('c', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'),
    ];
    const history = [
      { created_by: 'ADD a' },
      { created_by: 'ENV', empty_layer: true },
      { created_by: 'RUN b' },
      { created_by: 'RUN c' },
    ];
    const image = buildImage({ layers, config: { history } });
    const view = await resolveBuilt(image);
    expect(view).toMatchObject({
      digest: image.descriptor.digest,
      sizeBytes: image.bytes.length,
      platformText: 'linux/amd64',
      configDescriptor: { digest: image.config.descriptor.digest },
      config: { cmd: ['sh'] },
      historyState: 'mapped',
      totalBytes: image.config.bytes.length + 3,
      warnings: [],
    });
    expect(view.layers.map((layer) => [layer.historyIndex, layer.compression, layer.foreign, layer.diffId])).toEqual([
      [0, 'gzip', false, digestOf(bytesOf('diff 0'))],
      [2, 'zstd', false, digestOf(bytesOf('diff 1'))],
      [3, 'gzip', true, digestOf(bytesOf('diff 2'))],
    ]);
    expect(view.history.map((line) => line.layerIndex)).toEqual([0, undefined, 1, 2]);
    expect(registry.requests).toEqual(['manifest v1', `blob ${image.config.descriptor.digest}`]);
  });

  it('counts a layer that is there twice once', async () => {
    const layer = buildLayer('same');
    const image = buildImage({ layers: [layer, layer] });
    expect((await resolveBuilt(image)).totalBytes).toBe(image.config.bytes.length + layer.bytes.length);
  });

  it('maps nothing when history does not match the layers', async () => {
    const view = await resolveBuilt(buildImage({ config: { history: [{ created_by: 'x' }] } }));
    expect(view.historyState).toBe('mismatch');
    expect(view.history).toEqual([{ createdBy: 'x', emptyLayer: false }]);
    expect(view.layers.map((layer) => layer.historyIndex)).toEqual([undefined, undefined]);
  });

  it('says that history is missing', async () => {
    const view = await resolveBuilt(buildImage({ config: { history: null } }));
    expect([view.historyState, view.history]).toEqual(['missing', []]);
  });

  it('flags diff ids that do not match the layers and shows none (B08)', async () => {
    const view = await resolveBuilt(buildImage({ config: { rootfs: { diff_ids: [digestOf(bytesOf('x'))] } } }));
    expect(view.layers.map((layer) => layer.diffId)).toEqual([undefined, undefined]);
    expect(view.warnings).toEqual([{ source: 'gantry', text: expect.stringContaining('1 diff ids for 2 layers') }]);
  });

  it('passes on the warnings of the registry', async () => {
    registry.warnWith({ source: 'registry', text: 'deprecated' });
    expect((await resolveBuilt(buildImage())).warnings).toEqual([{ source: 'registry', text: 'deprecated' }]);
  });

  it('calls the platform unknown when the config says nothing', async () => {
    expect((await resolveBuilt(buildImage({ config: { os: null, architecture: '' } }))).platformText).toBe('unknown');
  });

  it.each([
    ['is no JSON', 'oops', { name: 'OciError', kind: 'not-json' }],
    ['has fields of another type', '{"config":{"Env":"x"}}', { name: 'OciError', kind: 'bad-shape' }],
  ])('fails when the config %s', async (_name, content, error) => {
    const config = build(content, MEDIA_TYPE.ociConfig);
    registry.putBlob(config);
    registry.put(buildImage({ manifest: { config: config.descriptor } }), 'v1');
    await expect(resolve('v1')).rejects.toMatchObject(error);
  });

  it('fails when the config is not there, has other bytes, or is above 4 MiB (B01, B08)', async () => {
    const image = buildImage();
    registry.put(image, 'v1');
    await expect(resolve('v1')).rejects.toMatchObject({ kind: 'not-found' });
    registry.putImage(image, 'v1');
    registry.replace(image.config.descriptor.digest, bytesOf('{}'));
    await expect(resolve('v1')).rejects.toMatchObject({ kind: 'digest-mismatch' });
    const huge = { ...image.config.descriptor, size: 4 * 1024 * 1024 + 1 };
    registry.put(buildImage({ manifest: { config: huge } }), 'huge');
    await expect(resolve('huge')).rejects.toMatchObject({ kind: 'too-large' });
  });

  it('takes the config from the manifest when it is inside, and asks for no blob', async () => {
    const config = buildConfig([]);
    const data = Buffer.from(config.bytes).toString('base64');
    registry.put(buildImage({ layers: [], manifest: { config: { ...config.descriptor, data } } }), 'v1');
    expect((await resolveAs('image', 'v1')).config.cmd).toEqual(['sh']);
    expect(registry.requests).toEqual(['manifest v1']);
  });

  it('refuses a config inside the manifest that is something else (M16)', async () => {
    const config = buildConfig([]);
    const data = Buffer.from('{}').toString('base64');
    registry.putBlob(config);
    registry.put(buildImage({ layers: [], manifest: { config: { ...config.descriptor, data } } }), 'other');
    await expect(resolve('other')).rejects.toMatchObject({ kind: 'digest-mismatch' });
    const short = { ...config.descriptor, size: 1, data: Buffer.from(config.bytes).toString('base64') };
    registry.put(buildImage({ layers: [], manifest: { config: short } }), 'short');
    await expect(resolve('short')).rejects.toMatchObject({ failure: { kind: 'protocol', reason: 'bad-size' } });
  });

  it('stops when its signal is aborted', async () => {
    registry.putImage(buildImage(), 'v1');
    const release = registry.hold();
    const controller = new AbortController();
    const resolving = resolve('v1', controller.signal);
    controller.abort();
    await expect(resolving).rejects.toMatchObject({ kind: 'cancelled' });
    release();
    expect(registry.requests).toEqual(['manifest v1']);
  });
});

describe('resolveImage of other manifests', () => {
  it('shows an artifact with an empty config (M14)', async () => {
    const sbom = buildLayer('sbom', 'application/spdx+json');
    const empty = build({}, MEDIA_TYPE.ociEmpty);
    const manifest = { config: empty.descriptor, artifactType: 'application/spdx+json', subject: sbom.descriptor };
    registry.put(buildImage({ layers: [sbom], manifest }), 'sbom');
    expect(await resolveAs('artifact', 'sbom')).toMatchObject({
      artifactType: 'application/spdx+json',
      configDescriptor: { mediaType: MEDIA_TYPE.ociEmpty },
      blobs: [{ mediaType: 'application/spdx+json' }],
      subject: { digest: sbom.descriptor.digest },
      totalBytes: 2 + 4,
    });
    expect(registry.requests).toEqual(['manifest sbom']);
  });

  it('shows an artifact with a config that is no image config without reading it', async () => {
    const config = build({ name: 'chart' }, 'application/vnd.cncf.helm.config.v1+json');
    registry.put(buildImage({ manifest: { config: config.descriptor } }), 'chart');
    const view = await resolveAs('artifact', 'chart');
    expect(view.artifactType).toBe('application/vnd.cncf.helm.config.v1+json');
    expect(registry.requests).toEqual(['manifest chart']);
  });

  it('shows schema 1 and asks for nothing by its digests (M13)', async () => {
    const layerDigest = digestOf(bytesOf('x'));
    const content = {
      schemaVersion: 1,
      name: 'n',
      tag: 't',
      architecture: 'amd64',
      fsLayers: [{ blobSum: layerDigest }],
    };
    registry.put(build(content, MEDIA_TYPE.dockerSchema1), 'old');
    expect(await resolveAs('schema1', 'old')).toMatchObject({ name: 'n', tag: 't', layerDigests: [layerDigest] });
    expect(registry.requests).toEqual(['manifest old']);
  });

  it('shows what it does not know by digest, type and size (M14)', async () => {
    const built = build({ any: 'thing' }, 'application/vnd.other+json');
    registry.put(built, 'other');
    expect(await resolveAs('unknown', 'other')).toEqual({
      kind: 'unknown',
      digest: built.descriptor.digest,
      mediaType: 'application/vnd.other+json',
      sizeBytes: built.bytes.length,
      annotations: [],
      warnings: [],
    });
  });

  it('refuses a manifest that can be read in two ways (M04)', async () => {
    registry.put(buildImage({ manifest: { manifests: [] } }), 'two');
    await expect(resolve('two')).rejects.toMatchObject({ name: 'OciError', kind: 'ambiguous' });
  });

  it('never asks for the urls of a layer (M15)', async () => {
    const layer = build('x', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', {
      urls: ['http://169.254.169.254/'],
    });
    registry.putImage(buildImage({ layers: [layer] }), 'v1');
    const view = await resolveAs('image', 'v1');
    expect(view.layers[0]?.descriptor.urls).toEqual(['http://169.254.169.254/']);
    expect(registry.requests).toHaveLength(2);
  });
});
