import { describe, expect, it } from 'vitest';
import { type Manifest, parseManifest } from '#shared/oci/manifest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { attempt } from '#test/support/attempt.ts';
import {
  build,
  buildConfig,
  buildImage,
  buildIndex,
  buildLayer,
  bytesOf,
  digestOf,
} from '#test/support/oci-builder.ts';

const read = (content: unknown, contentType: string = MEDIA_TYPE.ociManifest): Manifest =>
  parseManifest(bytesOf(content), contentType);
const kindOf = (content: unknown, contentType: string = MEDIA_TYPE.ociManifest): string | undefined =>
  attempt(() => read(content, contentType)).error?.kind;

const layer = buildLayer();
const config = buildConfig([layer]);
const image = { schemaVersion: 2, config: config.descriptor, layers: [layer.descriptor] };
const schema1 = {
  schemaVersion: 1,
  name: 'team/app',
  tag: 'v1',
  architecture: 'amd64',
  fsLayers: [{ blobSum: digestOf(bytesOf('a')) }],
  history: [{ v1Compatibility: '{}' }],
};

describe('parseManifest', () => {
  it('reads an image', () => {
    const manifest = parseManifest(buildImage({ layers: [layer] }).bytes, MEDIA_TYPE.ociManifest);
    expect(manifest).toMatchObject({
      kind: 'image',
      mediaType: MEDIA_TYPE.ociManifest,
      config: { digest: config.descriptor.digest, sizeBytes: config.bytes.length },
      layers: [{ digest: layer.descriptor.digest, sizeBytes: layer.bytes.length, annotations: [], urls: [] }],
    });
  });

  it('reads an index with platforms', () => {
    const platform = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1', 'os.features': ['win32k'] };
    const index = buildIndex([buildImage({ descriptor: { platform, annotations: { a: 'b' } } })]);
    expect(parseManifest(index.bytes, `${MEDIA_TYPE.ociIndex}; charset=utf-8`)).toMatchObject({
      kind: 'index',
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [
        {
          platform: { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.1', osFeatures: ['win32k'] },
          annotations: [['a', 'b']],
        },
      ],
    });
  });

  it('reads Docker schema 2 and a manifest list', () => {
    const docker = { ...image, mediaType: MEDIA_TYPE.dockerManifest };
    const dockerConfig = { ...config.descriptor, mediaType: MEDIA_TYPE.dockerConfig };
    expect(read({ ...docker, config: dockerConfig }, MEDIA_TYPE.dockerManifest).kind).toBe('image');
    expect(read({ schemaVersion: 2, manifests: [] }, MEDIA_TYPE.dockerList).kind).toBe('index');
  });

  it.each([
    ['an artifactType', { ...image, artifactType: 'application/x' }, 'application/x'],
    ['an empty config', { ...image, config: build({}, MEDIA_TYPE.ociEmpty).descriptor }, undefined],
    [
      'another config',
      { ...image, config: build({}, 'application/vnd.cncf.helm.config.v1+json').descriptor },
      'application/vnd.cncf.helm.config.v1+json',
    ],
  ])('takes an image manifest with %s for an artifact (M14)', (_name, content, artifactType) => {
    const manifest = read(content);
    expect(manifest).toMatchObject({ kind: 'artifact', blobs: [{ digest: layer.descriptor.digest }] });
    expect(manifest.artifactType).toBe(artifactType);
  });

  it.each(['application/vnd.in-toto+json', 'application/vnd.dev.cosign.simplesigning.v1+json'])(
    'takes an image manifest with nothing but %s for an artifact (M14)',
    (mediaType) => {
      const manifest = read({ ...image, layers: [buildLayer('x', mediaType).descriptor] });
      expect([manifest.kind, manifest.artifactType]).toEqual(['artifact', mediaType]);
    },
  );

  it('takes an image without layers, or with a layer of another kind beside its own, for an image', () => {
    expect(read({ ...image, layers: [] }).kind).toBe('image');
    expect(read({ ...image, layers: [buildLayer('x', 'application/x').descriptor, layer.descriptor] }).kind).toBe(
      'image',
    );
  });

  it('reads the artifact manifest of OCI 1.1 drafts', () => {
    const content = { mediaType: MEDIA_TYPE.ociArtifactManifest, artifactType: 'a/b', blobs: [layer.descriptor] };
    expect(read(content, MEDIA_TYPE.ociArtifactManifest)).toMatchObject({ kind: 'artifact', artifactType: 'a/b' });
  });

  it('reads subject and annotations, __proto__ among them, in order (M08)', () => {
    const text = `{"config":${JSON.stringify(config.descriptor)},"layers":null,"subject":${JSON.stringify(layer.descriptor)},
      "annotations":{"z":"1","__proto__":"2","constructor":"3"}}`;
    const manifest = read(text);
    expect(manifest.subject?.digest).toBe(layer.descriptor.digest);
    expect(manifest.annotations).toEqual([
      ['z', '1'],
      ['__proto__', '2'],
      ['constructor', '3'],
    ]);
  });

  it('reads schema 1 for the view', () => {
    expect(read(schema1, MEDIA_TYPE.dockerSchema1Signed)).toMatchObject({
      kind: 'schema1',
      name: 'team/app',
      tag: 'v1',
      architecture: 'amd64',
      layerDigests: [digestOf(bytesOf('a'))],
    });
  });

  it('leaves what it does not know unread (M14)', () => {
    expect(read({ whatever: true }, 'application/vnd.other+json')).toEqual({
      kind: 'unknown',
      mediaType: 'application/vnd.other+json',
      annotations: [],
    });
  });

  it.each([
    ['its own mediaType', { ...image, mediaType: MEDIA_TYPE.dockerManifest }, MEDIA_TYPE.dockerManifest],
    ['an OCI config', image, MEDIA_TYPE.ociManifest],
    [
      'a Docker config',
      { ...image, config: { ...config.descriptor, mediaType: MEDIA_TYPE.dockerConfig } },
      MEDIA_TYPE.dockerManifest,
    ],
    ['manifests', { schemaVersion: 2, manifests: [] }, MEDIA_TYPE.ociIndex],
    ['schema version 1', schema1, MEDIA_TYPE.dockerSchema1],
    ['signatures', { ...schema1, signatures: [] }, MEDIA_TYPE.dockerSchema1Signed],
    ['nothing', {}, 'text/plain'],
  ])('goes by %s where the Content-Type says nothing', (_name, content, expected) => {
    expect(read(content, 'text/plain; charset=utf-8').mediaType).toBe(expected);
  });

  it('goes by the fields where there is no Content-Type', () => {
    expect(read(image, '').kind).toBe('image');
    expect(read({}, '').mediaType).toBe('application/octet-stream');
  });

  it.each([
    ['manifests and layers', { ...image, manifests: [] }, MEDIA_TYPE.ociManifest],
    ['manifests and layers under no type', { ...image, manifests: [] }, ''],
    ['manifests in an image', { manifests: [] }, MEDIA_TYPE.ociManifest],
    ['a config in an index', { manifests: [], config: config.descriptor }, MEDIA_TYPE.ociIndex],
    ['fsLayers in an image', { ...image, fsLayers: [] }, MEDIA_TYPE.ociManifest],
    ['a mediaType that is not the Content-Type', { ...image, mediaType: MEDIA_TYPE.ociIndex }, MEDIA_TYPE.ociManifest],
    [
      'a mediaType under an unknown Content-Type',
      { mediaType: MEDIA_TYPE.ociIndex, manifests: [] },
      'application/vnd.x+json',
    ],
  ])('refuses %s (M04)', (_name, content, contentType) => {
    expect(kindOf(content, contentType)).toBe('ambiguous');
  });

  const descriptorText = JSON.stringify(config.descriptor);
  it.each([
    ['Layers beside layers', `{"config":${descriptorText},"layers":[],"Layers":[]}`],
    ['Layers alone', `{"config":${descriptorText},"Layers":[]}`],
    ['layers spelled with a long s', `{"config":${descriptorText},"layer\u017f":[]}`],
    ['config twice', `{"config":${descriptorText},"config":${descriptorText}}`],
    ['config twice, once escaped', String.raw`{"config":${descriptorText},"\u0063onfig":${descriptorText}}`],
    [
      'a digest twice in a descriptor',
      `{"config":${descriptorText.replace('{', `{"digest":"${digestOf(bytesOf('other'))}",`)}}`,
    ],
    ['Size in a layer', `{"config":${descriptorText},"layers":[${descriptorText.replace('{', '{"Size":1,')}]}`],
  ])('refuses %s (M05)', (_name, text) => {
    expect(kindOf(text)).toBe('ambiguous');
  });

  it('does not mind keys that look alike where they mean nothing', () => {
    const other = { ...layer.descriptor, annotations: { size: '1', Size: '2' } };
    expect(
      kindOf({ ...image, layers: [layer.descriptor, other], annotations: { Layers: 'x', layers: 'y' } }),
    ).toBeUndefined();
  });

  it.each(['-1', '9007199254740993', '1e400', '"12"', 'null', '1.5', 'true', '[]'])(
    'refuses the size %s (M10)',
    (size) => {
      const text = JSON.stringify(image).replace(`"size":${layer.bytes.length}`, `"size":${size}`);
      expect(text).toContain(`"size":${size}`);
      expect(kindOf(text)).toBe('bad-size');
    },
  );

  it('refuses an absent size (M10)', () => {
    expect(kindOf({ ...image, layers: [{ ...layer.descriptor, size: undefined }] })).toBe('bad-size');
  });

  it.each([
    'sha256:../../x',
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    `md5:${'a'.repeat(32)}`,
    '',
    7,
    null,
  ])('refuses the digest %j (M09)', (digest) => {
    expect(kindOf({ ...image, layers: [{ ...layer.descriptor, digest }] })).toBe('digest-syntax');
  });

  const long = 'a\u200B'.repeat(200);
  const withLayer = (more: object) => ({ ...image, layers: [{ ...layer.descriptor, ...more }] });
  it.each<[what: string, content: object]>([
    ['artifactType', { ...image, artifactType: long }],
    ['media type of a layer', withLayer({ mediaType: long })],
    ['artifactType of a layer', withLayer({ artifactType: long })],
    ['os', withLayer({ platform: { os: long } })],
    ['architecture', withLayer({ platform: { architecture: long } })],
    ['variant', withLayer({ platform: { variant: long } })],
    ['os.version', withLayer({ platform: { 'os.version': long } })],
  ])('refuses a name of more than 255 characters as %s (M12)', (_what, content) => {
    expect(kindOf(content)).toBe('limit');
  });

  it('takes 1,000 entries and refuses 1,001 (M12)', () => {
    const layers = Array.from({ length: 1000 }, () => layer.descriptor);
    expect(kindOf({ ...image, layers })).toBeUndefined();
    expect(kindOf({ ...image, layers: [...layers, layer.descriptor] })).toBe('limit');
    expect(kindOf({ manifests: [...layers, layer.descriptor] }, MEDIA_TYPE.ociIndex)).toBe('limit');
  });

  it.each([
    ['a list', []],
    ['a text', '"x"'],
    ['layers that are no list', { ...image, layers: {} }],
    ['a layer that is no object', { ...image, layers: ['x'] }],
    ['no config', { layers: [] }],
    ['a config that is a list', { config: [] }],
    ['a layer without media type', { ...image, layers: [{ ...layer.descriptor, mediaType: undefined }] }],
    ['annotations that are no texts', { ...image, annotations: { a: 1 } }],
    ['a platform that is a text', { ...image, layers: [{ ...layer.descriptor, platform: 'linux' }] }],
    ['urls that are no texts', { ...image, layers: [{ ...layer.descriptor, urls: [1] }] }],
    ['a mediaType that is a number', { ...image, mediaType: 1 }],
  ])('refuses %s', (_name, content) => {
    expect(kindOf(content)).toBe('bad-shape');
  });

  it('takes null for missing', () => {
    const bare = { ...layer.descriptor, annotations: null, urls: null, platform: null, data: null, artifactType: null };
    expect(read({ ...image, layers: [bare], annotations: null, subject: null, artifactType: null })).toEqual(
      read(image),
    );
  });

  it('refuses nesting of 2,000,000 levels (M07)', () => {
    expect(kindOf(`{"layers":${'['.repeat(2_000_000)}`)).toBe('too-deep');
  });

  it('refuses a web page (M18)', () => {
    expect(kindOf('<html>Sign in</html>')).toBe('not-json');
  });
});
