import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import { buildImage as buildContent } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer as buildContentLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { attested } from '#main/core/local-registry/samples/attested.ts';
import { helloMultiarch } from '#main/core/local-registry/samples/hello-multiarch.ts';
import { artifact, dockerSchema2, nestedIndex, zstd } from '#main/core/local-registry/samples/shapes.ts';
import { type RunningRegistry, startDistribution, startZot } from '#test/support/distribution.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { build, buildLayer } from '#test/support/oci-builder.ts';
import { pushContent } from '#test/support/push-content.ts';
import { pushBlob, pushManifest } from '#test/support/push-image.ts';
import { latestOf } from '#test/support/push-samples.ts';
import { contentOf, type RegistryContent } from '#test/support/registry-content.ts';
import { hasSkopeo, skopeo, skopeoCopy, skopeoRawManifest } from '#test/support/skopeo.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';
import { image, into, startTransferRig, type TransferRig } from '#test/support/transfers.ts';

const run = promisify(execFile);
const crane = findGoTool('crane');

const startLocal = async (): Promise<RunningRegistry> => {
  const local = await startTestRegistry();
  return { host: local.address, [Symbol.asyncDispose]: () => local.stop() };
};
const byGo = (name: string, start: (path: string) => Promise<RunningRegistry>) => {
  const program = findGoTool(name);
  return program === undefined ? undefined : () => start(program);
};
const REGISTRIES = {
  local: startLocal,
  docker: hasTools('docker-registry') ? () => startDockerRegistry() : undefined,
  distribution: byGo('registry', startDistribution),
  zot: byGo('zot', startZot),
} as const;
type Id = keyof typeof REGISTRIES;

const sixtyLayers = (): BuiltContent =>
  buildContent({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: Array.from({ length: 60 }, (_, index) => ({
      createdBy: `COPY ${index}`,
      layer: buildContentLayer([{ path: `file${index}`, type: 'file', content: `${index} `.repeat(20_000) }]),
    })),
  });

type Shape = {
  readonly name: string;
  readonly build: () => BuiltContent;
  /** Who can read all of it: crane knows neither zstd nor attestations, skopeo no nested index. */
  readonly read: readonly ('skopeo' | 'crane')[];
};
const SHAPES: readonly Shape[] = [
  { name: 'multi-arch', build: () => latestOf(helloMultiarch), read: ['skopeo', 'crane'] },
  { name: 'attested', build: () => latestOf(attested), read: ['skopeo'] },
  { name: 'nested-index', build: () => latestOf(nestedIndex), read: ['crane'] },
  { name: 'artifact', build: () => latestOf(artifact), read: ['skopeo', 'crane'] },
  { name: 'docker-schema2', build: () => latestOf(dockerSchema2), read: ['skopeo', 'crane'] },
  { name: 'zstd', build: () => latestOf(zstd), read: ['skopeo'] },
  { name: 'sixty-layers', build: sixtyLayers, read: ['skopeo', 'crane'] },
];

/** Every registry is gone to and read from, in both directions of a ring. */
const RINGS: readonly { readonly way: string; readonly ring: readonly Id[] }[] = [
  { way: 'round', ring: ['local', 'docker', 'distribution', 'zot', 'local'] },
  { way: 'round-back', ring: ['local', 'zot', 'distribution', 'docker', 'local'] },
];
const isMissing = (id: Id): boolean => REGISTRIES[id] === undefined;

const sha256 = (bytes: Buffer | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe.skipIf(!hasSkopeo)('a copy from registry to registry', { timeout: 120_000 }, () => {
  const running = new Map<Id, RunningRegistry>();
  let rig: TransferRig;
  const host = (id: Id) => running.get(id)!.host;

  beforeAll(async () => {
    for (const [id, start] of Object.entries(REGISTRIES)) if (start !== undefined) running.set(id as Id, await start());
    rig = await startTransferRig(Object.fromEntries([...running].map(([id, each]) => [id, { host: each.host }])));
  });
  afterAll(async () => {
    await rig?.close();
    for (const each of running.values()) await each[Symbol.asyncDispose]();
  });

  /** By skopeo alone: manifests of all levels and the config of each image, byte for byte. */
  async function expectForSkopeo(name: string, { root, manifests, blobs }: RegistryContent): Promise<void> {
    expect(sha256(await skopeoRawManifest(`${name}:1`))).toBe(root);
    for (const digest of manifests.keys()) {
      const text = await skopeoRawManifest(`${name}@${digest}`);
      expect(sha256(text)).toBe(digest);
      const { config, layers = [] } = JSON.parse(text) as {
        config?: { digest: string; mediaType: string };
        layers?: { digest: string }[];
      };
      for (const each of layers) expect([...blobs.keys()]).toContain(each.digest);
      if (config === undefined || !/(image\.config|container\.image)/.test(config.mediaType)) continue;
      const raw = await skopeo('inspect', '--config', '--raw', '--tls-verify=false', `docker://${name}@${digest}`);
      expect(sha256(raw)).toBe(config.digest);
    }
  }

  /** Pulled by skopeo, which checks each blob against its digest. */
  async function expectPulled(name: string, { blobs }: RegistryContent): Promise<void> {
    const folder = temporaryFolder();
    await skopeoCopy(`docker://${name}:1`, `dir:${folder}`, '--all', '--preserve-digests');
    const files = new Set(await readdir(folder));
    for (const digest of blobs.keys()) expect(files).toContain(digest.replace('sha256:', ''));
  }

  describe.skipIf(RINGS.some(({ ring }) => ring.some(isMissing))).each(RINGS)('$way $ring', ({ way, ring }) => {
    it.each(SHAPES)('brings $name as it is, for skopeo and crane too', async ({ name, build: make, read }) => {
      const repository = `${way}/${name}`;
      await pushContent(host('local'), `${repository}-0`, make(), ['1']);
      const wanted = await contentOf(rig.client('local'), `${repository}-0`, '1');
      for (const [index, to] of ring.slice(1).entries()) {
        const from = ring[index]!;
        const target = `${repository}-${index + 1}`;
        const planned = await rig.plan([image(from, `${repository}-${index}:1`)], into(to, target));
        expect(planned.rows).toMatchObject([{ state: { kind: 'ready' }, resultDigest: wanted.root }]);
        expect(await rig.run(planned)).toMatchObject({ state: 'done', failedRowCount: 0 });
        expect(await contentOf(rig.client(to), target, '1')).toEqual(wanted);
        await expectForSkopeo(`${host(to)}/${target}`, wanted);
        if (read.includes('skopeo')) await expectPulled(`${host(to)}/${target}`, wanted);
        if (crane !== undefined && read.includes('crane')) {
          await run(crane, ['validate', '--insecure', '--remote', `${host(to)}/${target}:1`]);
        }
      }
    });
  });

  describe.each(['docker', 'distribution', 'zot'] as const)('into %s', (to) => {
    it.skipIf(isMissing(to))(
      'of schema 1, which it does not take any more, is refused by name, and leaves no tag',
      async () => {
        const repository = 'old/app';
        const layer = buildLayer('files');
        const { digest } = layer.descriptor;
        const schema1 = build(
          {
            schemaVersion: 1,
            name: repository,
            tag: '1',
            architecture: 'amd64',
            fsLayers: [{ blobSum: digest }],
            history: [{ v1Compatibility: '{}' }],
          },
          'application/vnd.docker.distribution.manifest.v1+json',
        );
        await pushBlob(host('local'), repository, layer);
        await pushManifest(host('local'), repository, schema1, ['1']);
        const planned = await rig.plan([image('local', `${repository}:1`)], into(to));
        const { jobId, state } = await rig.run(planned);
        expect(state).toBe('failed');
        for await (const { rows } of rig.transfers.watchOne(jobId, AbortSignal.timeout(5000))) {
          expect(rows).toMatchObject([{ state: 'failed', error: expect.stringContaining('MANIFEST_INVALID') }]);
          break;
        }
        await expect(rig.client(to).headManifest({ repository, reference: '1' })).rejects.toMatchObject({
          kind: 'not-found',
        });
      },
    );
  });
});
