import { beforeEach, describe, expect, it } from 'vitest';
import type { TagSummary } from '#main/core/image/image-view.ts';
import { summariseTag } from '#main/core/image/summarise-tag.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { createMemoryRegistry, type MemoryRegistry } from '#test/support/memory-registry.ts';
import { build, buildAttestation, buildImage, buildIndex, buildLayer, type Built } from '#test/support/oci-builder.ts';

const CREATED = 'org.opencontainers.image.created';
const EPOCH = '1970-01-01T00:00:00Z';

let registry: MemoryRegistry;
beforeEach(() => {
  registry = createMemoryRegistry();
});

function summarise(tag: string): Promise<TagSummary> {
  const hostPlatform = parsePlatform('linux/arm64');
  return summariseTag({ client: registry.client, repository: 'team/app', tag, hostPlatform });
}

const onPlatform = (os: string, architecture: string, variant?: string): object => ({ os, architecture, variant });

describe('summariseTag', () => {
  const amd64 = buildImage({ descriptor: { platform: onPlatform('linux', 'amd64') } });
  const arm64 = buildImage({
    layers: [buildLayer('arm')],
    config: { ...onPlatform('linux', 'arm64'), created: '2026-10-02T03:04:05.678901234+02:00' },
    descriptor: { platform: onPlatform('linux', 'arm64', 'v8') },
  });

  it('reads a child that the index carries inline, and asks for it when that is something else (M16)', async () => {
    registry.putImage(arm64);
    const inline = (bytes: Uint8Array): Built => ({
      ...arm64,
      descriptor: { ...arm64.descriptor, data: Buffer.from(bytes).toString('base64') },
    });
    registry.put(buildIndex([inline(arm64.bytes)]), 'carried');
    registry.put(buildIndex([inline(Buffer.from('else'))]), 'wrong');
    const { sizeBytes } = await summarise('carried');
    expect(registry.requests).toEqual(['manifest carried', `blob ${arm64.config.descriptor.digest}`]);
    expect(await summarise('wrong')).toMatchObject({ sizeBytes });
    expect(registry.requests).toContain(`manifest ${arm64.descriptor.digest}`);
  });

  it('sums up an image with its config', async () => {
    const digest = registry.putImage(amd64, 'v1');
    expect(await summarise('v1')).toEqual({
      tag: 'v1',
      digest,
      mediaType: MEDIA_TYPE.ociManifest,
      kind: 'image',
      platforms: ['linux/amd64'],
      sizeBytes: amd64.config.bytes.length + 'layer 0'.length + 'layer 1'.length,
      created: '2026-11-01T10:00:00.000Z',
      attestationCount: 0,
    });
  });

  it('sums up an index by the child of this machine, in three requests', async () => {
    registry.putImage(arm64);
    const attestations = [buildAttestation(arm64.descriptor.digest), buildAttestation(`sha256:${'0'.repeat(64)}`)];
    const digest = registry.put(buildIndex([amd64, arm64, amd64, ...attestations]), 'v1');
    expect(await summarise('v1')).toEqual({
      tag: 'v1',
      digest,
      mediaType: MEDIA_TYPE.ociIndex,
      kind: 'index',
      platforms: ['linux/amd64', 'linux/arm64/v8'],
      sizeBytes: arm64.config.bytes.length + 'arm'.length,
      created: '2026-10-02T01:04:05.678Z',
      basisPlatform: 'linux/arm64/v8',
      attestationCount: 2,
    });
    expect(registry.requests).toEqual([
      'manifest v1',
      `manifest ${arm64.descriptor.digest}`,
      `blob ${arm64.config.descriptor.digest}`,
    ]);
  });

  it('follows an index in an index', async () => {
    registry.putImage(arm64);
    const inner = buildIndex([arm64]);
    registry.put(inner);
    registry.put(buildIndex([inner]), 'nested');
    expect(await summarise('nested')).toMatchObject({ kind: 'index', platforms: [], basisPlatform: 'linux/arm64/v8' });
  });

  it('refuses indexes that nest 1,000 deep after the eighth (M11)', async () => {
    let index: Built = amd64;
    for (let depth = 0; depth < 1000; depth += 1) {
      index = buildIndex([index]);
      registry.put(index);
    }
    registry.put(index, 'deep');
    await expect(summarise('deep')).rejects.toMatchObject({ name: 'OciError', kind: 'limit' });
    expect(registry.requests).toHaveLength(9);
  });

  it('leaves size and date open when the child is not there', async () => {
    registry.put(buildIndex([arm64], { annotations: { [CREATED]: '2026-01-02T00:00:00Z' } }), 'v1');
    const summary = await summarise('v1');
    expect(summary).toMatchObject({ platforms: ['linux/arm64/v8'], created: '2026-01-02T00:00:00.000Z' });
    expect([summary.sizeBytes, summary.basisPlatform]).toEqual([undefined, undefined]);
  });

  it('fails when the config is missing, of an image or of the child of an index', async () => {
    registry.put(arm64, 'v1');
    await expect(summarise('v1')).rejects.toMatchObject({ kind: 'not-found' });
    registry.put(buildIndex([arm64]), 'index');
    await expect(summarise('index')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('sums up an empty index', async () => {
    registry.put(buildIndex([]), 'empty');
    expect(await summarise('empty')).toMatchObject({ kind: 'index', platforms: [], attestationCount: 0 });
  });

  it('sums up an artifact without reading its config', async () => {
    const config = build({}, MEDIA_TYPE.ociEmpty);
    const manifest = {
      config: config.descriptor,
      artifactType: 'a/b',
      annotations: { [CREATED]: '2026-05-01T00:00:00Z' },
    };
    registry.put(buildImage({ layers: [buildLayer('sbom')], manifest }), 'sbom');
    expect(await summarise('sbom')).toMatchObject({
      kind: 'artifact',
      artifactType: 'a/b',
      platforms: [],
      sizeBytes: 2 + 4,
      created: '2026-05-01T00:00:00.000Z',
    });
    expect(registry.requests).toEqual(['manifest sbom']);
  });

  it('names schema 1 and strangers by kind alone', async () => {
    registry.put(build({ schemaVersion: 1 }, MEDIA_TYPE.dockerSchema1), 'old');
    registry.put(build({}, 'application/vnd.other+json'), 'other');
    expect((await summarise('old')).kind).toBe('schema1');
    expect((await summarise('other')).kind).toBe('unknown');
  });

  it.each([
    ['the epoch', EPOCH],
    ['the zero time of Go', '0001-01-01T00:00:00Z'],
    ['a second after the epoch', '1970-01-01T00:00:01Z'],
    ['the fixed date of buildpacks', '1980-01-01T00:00:01Z'],
    ['no date', 'yesterday'],
    ['a date without a zone', '2026-01-01T00:00:00'],
    ['an impossible date', '2026-13-41T00:00:00Z'],
    ['nothing', null],
  ])('takes %s in the config for unknown, not for old', async (_name, created) => {
    registry.putImage(buildImage({ config: { created } }), 'v1');
    expect((await summarise('v1')).created).toBeUndefined();
  });

  it('takes the date of an annotation when the config has none: the manifest, the descriptor, the index', async () => {
    const dated = (year: number): object => ({ annotations: { [CREATED]: `${year}-01-01T00:00:00Z` } });
    const platform = onPlatform('linux', 'arm64');
    const config = { created: EPOCH };
    const createdOf = async (manifest: object, descriptor: object, index: object): Promise<string | undefined> => {
      const image = buildImage({ config, manifest: { ...manifest }, descriptor: { platform, ...descriptor } });
      registry.putImage(image);
      registry.put(buildIndex([image], { ...index }), 'v1');
      return (await summarise('v1')).created;
    };
    expect(await createdOf(dated(2021), dated(2022), dated(2023))).toBe('2021-01-01T00:00:00.000Z');
    expect(await createdOf({}, dated(2022), dated(2023))).toBe('2022-01-01T00:00:00.000Z');
    expect(await createdOf({}, {}, dated(2023))).toBe('2023-01-01T00:00:00.000Z');
    expect(await createdOf({}, {}, {})).toBeUndefined();
  });
});
