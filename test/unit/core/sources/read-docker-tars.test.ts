import { describe, expect, it } from 'vitest';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { file, going, openForTest, readBlob, tarFile } from '#test/support/archives.ts';
import { dockerSave, partsOf } from '#test/support/docker-save.ts';
import { sha256 } from '#test/support/sha256.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('a tar of docker save', () => {
  it('lists its images with their names and ids at once', async () => {
    const source = await openForTest(
      tarFile(dockerSave({ names: ['acme/app:1', 'acme/app:latest'] }, { names: null, architecture: 'arm64' })),
    );
    expect(source.contents).toMatchObject({
      format: 'docker-tar',
      images: [
        {
          names: ['acme/app:1', 'acme/app:latest'],
          configDigest: `sha256:${partsOf().configHex}`,
          platforms: ['linux/amd64'],
          kind: 'image',
        },
        { names: [], configDigest: `sha256:${partsOf('arm64').configHex}`, platforms: ['linux/arm64'] },
      ],
    });
    expect(source.contents.images[0]?.digest).toBeUndefined();
  });

  it('may hold the same file twice, as crane writes it', async () => {
    const source = await openForTest(tarFile([...dockerSave({}), ...dockerSave({})]));
    expect(source.contents.images).toHaveLength(1);
    expect((await source.getImage(0, going)).digest).toMatch(/^sha256:/);
  });

  it('gets a manifest of docker, whose layers are compressed once and stay as they are', async () => {
    const path = tarFile(dockerSave({}));
    const scratch = temporaryFolder();
    const source = await openForTest(path, scratch);
    const made = await source.getImage(0, going);
    const manifest = parseManifest(made.bytes, made.mediaType);
    if (manifest.kind !== 'image') throw new Error(manifest.kind);
    expect([made.mediaType, manifest.config.mediaType]).toEqual([MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerConfig]);
    expect(await readBlob(source, manifest.config.digest, manifest.config.sizeBytes)).toEqual(partsOf().config);
    for (const [at, layer] of manifest.layers.entries()) {
      const bytes = await readBlob(source, layer.digest, layer.sizeBytes);
      expect(`sha256:${sha256(bytes)}`).toBe(layer.digest);
      expect(gunzipSync(bytes)).toEqual(partsOf().plain[at]);
      expect(await readBlob(source, layer.digest, layer.sizeBytes, 7)).toEqual(bytes.subarray(7));
    }
    // As after a restart: another opening, asked by digest alone.
    const again = await openForTest(path, scratch);
    expect((await again.getManifest(made.digest, going)).bytes).toEqual(made.bytes);
    const afresh = await openForTest(path);
    expect(await readBlob(afresh, manifest.layers[1]!.digest, manifest.layers[1]!.sizeBytes)).toHaveLength(
      manifest.layers[1]!.sizeBytes,
    );
  });

  it('keeps layers that are compressed, and so the digest that a registry gave', async () => {
    const { config, configHex, layers } = partsOf();
    const docker = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.dockerManifest,
      config: { mediaType: MEDIA_TYPE.dockerConfig, size: config.length, digest: `sha256:${configHex}` },
      layers: layers.map((layer) => ({
        mediaType: MEDIA_TYPE.dockerLayerGzip,
        size: layer.length,
        digest: `sha256:${sha256(layer)}`,
      })),
    };
    const paths = layers.map((layer) => `${sha256(layer)}.tar.gz`);
    const path = tarFile([
      ...layers.map((layer, at) => file(paths[at]!, layer)),
      file(`sha256:${configHex}`, config),
      file('manifest.json', JSON.stringify([{ Config: `sha256:${configHex}`, RepoTags: ['a:1'], Layers: paths }])),
    ]);
    const made = await (await openForTest(path)).getManifest('a:1', going);
    expect(made.digest).toBe(`sha256:${sha256(JSON.stringify(docker, undefined, 3))}`);
  });

  it('becomes an OCI image where a layer is compressed with zstd', async () => {
    const { config, configHex, plain } = partsOf();
    const path = tarFile([
      file('0.tar', zstdCompressSync(plain[0]!)),
      file('1.tar', plain[1]!),
      file('c.json', config),
      file('manifest.json', JSON.stringify([{ Config: 'c.json', RepoTags: null, Layers: ['0.tar', '1.tar'] }])),
    ]);
    const made = await (await openForTest(path)).getImage(0, going);
    const manifest = parseManifest(made.bytes, made.mediaType);
    expect(manifest).toMatchObject({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { digest: `sha256:${configHex}`, mediaType: MEDIA_TYPE.ociConfig },
      layers: [{ mediaType: MEDIA_TYPE.ociLayerZstd }, { mediaType: MEDIA_TYPE.ociLayerGzip }],
    });
  });

  it('is read when docker 1.9 wrote it, with the config docker makes of it', async () => {
    const layers = [
      buildLayer([{ path: 'a', type: 'file', content: 'a' }]),
      buildLayer([{ path: 'b', type: 'file', content: 'b' }]),
    ];
    const [low, top] = [sha256('low'), sha256('top')];
    const json = (id: string, parent: string | undefined, cmd: string) =>
      JSON.stringify({
        id,
        ...(parent && { parent }),
        created: '2015-01-01T00:00:00Z',
        os: 'linux',
        architecture: 'amd64',
        Size: 1,
        config: { Cmd: [cmd] },
        container_config: { Cmd: ['/bin/sh', '-c', cmd] },
      });
    const path = tarFile([
      ...[low, top].flatMap((id, at) => [
        file(`${id}/VERSION`, '1.0'),
        file(`${id}/json`, json(id, at === 0 ? undefined : low, `step ${at}`)),
        file(`${id}/layer.tar`, gunzipSync(layers[at]!.blob.bytes)),
      ]),
      file('repositories', JSON.stringify({ 'acme/app': { 1: top, latest: top } })),
    ]);
    const source = await openForTest(path);
    expect(source.contents.images).toMatchObject([
      { names: ['acme/app:1', 'acme/app:latest'], platforms: ['linux/amd64'] },
    ]);
    const made = await source.getImage(0, going);
    const manifest = parseManifest(made.bytes, made.mediaType);
    if (manifest.kind !== 'image') throw new Error(manifest.kind);
    const config = JSON.parse((await readBlob(source, manifest.config.digest, manifest.config.sizeBytes)).toString());
    expect(config).toEqual({
      created: '2015-01-01T00:00:00Z',
      os: 'linux',
      architecture: 'amd64',
      config: { Cmd: ['step 1'] },
      container_config: { Cmd: ['/bin/sh', '-c', 'step 1'] },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: ['step 0', 'step 1'].map((step) => ({
        created: '2015-01-01T00:00:00Z',
        created_by: `/bin/sh -c ${step}`,
      })),
    });
  });

  it.each<[string, string]>([
    ['docker 25 with its old image store is read by its list, and its layers are compressed', 'docker-tar'],
    ['docker 25 with containerd is read by its layout, exactly', 'oci-tar'],
  ])('of %s', async (_name, format) => {
    const { config, configHex, layers, plain } = partsOf();
    const isPlain = format === 'docker-tar';
    const kept = isPlain ? plain : layers;
    const descriptors = kept.map((layer) => ({
      mediaType: isPlain ? MEDIA_TYPE.ociLayer : MEDIA_TYPE.ociLayerGzip,
      size: layer.length,
      digest: `sha256:${sha256(layer)}`,
    }));
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, size: config.length, digest: `sha256:${configHex}` },
      layers: descriptors,
    });
    const blob = (bytes: Buffer | string) => `blobs/sha256/${sha256(bytes)}`;
    const path = tarFile([
      { path: 'blobs/', type: 'directory' },
      { path: 'blobs/sha256/', type: 'directory' },
      ...[...kept, config, manifest].map((bytes) => file(blob(bytes), bytes)),
      file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
      file(
        'index.json',
        JSON.stringify({
          schemaVersion: 2,
          manifests: [
            {
              mediaType: MEDIA_TYPE.ociManifest,
              size: manifest.length,
              digest: `sha256:${sha256(manifest)}`,
              annotations: {
                'io.containerd.image.name': 'docker.io/library/app:1',
                'org.opencontainers.image.ref.name': '1',
              },
            },
          ],
        }),
      ),
      file('manifest.json', JSON.stringify([{ Config: blob(config), RepoTags: ['app:1'], Layers: kept.map(blob) }])),
      ...(isPlain ? [file('repositories', '{}')] : []),
    ]);
    const source = await openForTest(path);
    const made = await source.getImage(0, going);
    expect(source.contents).toMatchObject({
      format,
      images: [{ names: [isPlain ? 'app:1' : 'docker.io/library/app:1'] }],
    });
    expect(parseManifest(made.bytes, made.mediaType)).toMatchObject({ config: { digest: `sha256:${configHex}` } });
    expect(made.digest === `sha256:${sha256(manifest)}`).toBe(!isPlain);
  });
});
