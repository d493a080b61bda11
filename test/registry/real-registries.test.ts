import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRegistry, startDistribution, startZot } from '#test/support/distribution.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { buildImage, buildIndex, buildLayer } from '#test/support/oci-builder.ts';
import { toDescriptor } from '#test/support/oci-layout.ts';
import { pushImage, pushManifest } from '#test/support/push-image.ts';
import { hasTools } from '#test/support/tools.ts';

type Setting = {
  readonly name: string;
  readonly start: (() => Promise<RunningRegistry>) | undefined;
  /** How this registry tells referrers. */
  readonly referrers: 'api' | 'tag';
};

const started = (program: string | undefined, start: (path: string) => Promise<RunningRegistry>) =>
  program === undefined ? undefined : () => start(program);

const settings: readonly Setting[] = [
  {
    name: 'docker-registry 2.8',
    start: hasTools('docker-registry') ? () => startDockerRegistry() : undefined,
    referrers: 'tag',
  },
  { name: 'distribution 3', start: started(findGoTool('registry'), startDistribution), referrers: 'tag' },
  { name: 'zot', start: started(findGoTool('zot'), startZot), referrers: 'api' },
];

const repository = 'acme/web';
const image = buildImage({ descriptor: { platform: { os: 'linux', architecture: 'amd64' } } });
const index = buildIndex([image]);
const subject = image.descriptor;
const signature = buildImage({
  layers: [buildLayer('a signature', 'application/vnd.example.signature')],
  manifest: { artifactType: 'application/vnd.example.signature', subject },
});
const sbom = buildImage({
  layers: [buildLayer('an sbom', 'application/vnd.example.sbom')],
  manifest: { artifactType: 'application/vnd.example.sbom', subject },
});

/** What a client does that pushes referrers to a registry without the API. Spec: "Referrers Tag Schema". */
function fallbackIndex() {
  const entry = (artifact: typeof sbom, artifactType: string) => ({
    ...artifact,
    descriptor: { ...artifact.descriptor, artifactType },
  });
  return buildIndex([
    entry(signature, 'application/vnd.example.signature'),
    entry(sbom, 'application/vnd.example.sbom'),
  ]);
}

for (const setting of settings) {
  const { start, referrers } = setting;
  describe.skipIf(start === undefined).each([setting])('$name', () => {
    let running: RunningRegistry;
    let engine: Engine;
    beforeAll(async () => {
      if (start === undefined) return;
      running = await start();
      const { host } = running;
      await pushImage(host, repository, image, ['v1', 'v2']);
      await pushManifest(host, repository, index, ['all']);
      for (const artifact of [signature, sbom]) await pushImage(host, repository, artifact, []);
      if (referrers === 'tag') {
        await pushManifest(host, repository, fallbackIndex(), [subject.digest.replace(':', '-')]);
      }
      await pushImage(host, 'acme/api', image, ['v1']);
      engine = startEngine(host, { pageSize: 1 });
    });
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      await running?.[Symbol.asyncDispose]();
    });
    const everything = async (
      read: (cursor: string | undefined) => Promise<{ names: readonly string[]; nextCursor?: string }>,
    ) => {
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await read(cursor);
        names.push(...page.names);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return names.toSorted();
    };

    it('lists its repositories, page after page', async () => {
      const names = await everything((cursor) =>
        engine.client.listRepositories(cursor === undefined ? {} : { cursor }),
      );
      expect(names).toEqual(['acme/api', 'acme/web']);
    });

    it('lists tags, page after page where it has pages', async () => {
      const names = await everything((cursor) =>
        engine.client.listTags(cursor === undefined ? { repository } : { repository, cursor }),
      );
      const shown = names.filter((tag) => !tag.startsWith('sha256-'));
      expect(shown).toEqual(['all', 'v1', 'v2']);
    });

    it('gives manifests by tag and digest, and HEAD says the same', async () => {
      const byTag = await engine.client.getManifest({ repository, reference: 'all' });
      expect(Buffer.from(byTag.bytes)).toEqual(Buffer.from(index.bytes));
      expect(byTag.warnings).toEqual([]);
      const byDigest = await engine.client.getManifest({ repository, reference: image.descriptor.digest });
      expect(Buffer.from(byDigest.bytes)).toEqual(Buffer.from(image.bytes));
      const head = await engine.client.headManifest({ repository, reference: 'all' });
      expect(head).toEqual({
        digest: index.descriptor.digest,
        mediaType: index.descriptor.mediaType,
        sizeBytes: index.bytes.length,
      });
    });

    it('gives blobs, verified', async () => {
      for (const blob of [image.config, ...image.layers]) {
        const bytes = await engine.client.getBlob({ repository, descriptor: toDescriptor(blob.descriptor) });
        expect(Buffer.from(bytes)).toEqual(Buffer.from(blob.bytes));
      }
    });

    it(`tells referrers by ${referrers === 'api' ? 'the API' : 'the fallback tag'}, all and by type`, async () => {
      const { digest } = toDescriptor(subject);
      const all = await engine.client.listReferrers({ repository, digest });
      expect(all.source).toBe(referrers);
      expect(all.referrers.map((each) => each.artifactType ?? '').toSorted()).toEqual([
        'application/vnd.example.sbom',
        'application/vnd.example.signature',
      ]);
      const artifactType = 'application/vnd.example.sbom';
      const some = await engine.client.listReferrers({ repository, digest, artifactType });
      expect(some.referrers.map((each) => each.digest)).toEqual([sbom.descriptor.digest]);
    });

    it('says what is missing', async () => {
      const manifest = await registryErrorOf(engine.client.getManifest({ repository, reference: 'v9' }));
      expect(manifest.failure).toMatchObject({ kind: 'not-found', what: 'manifest' });
      const tags = await registryErrorOf(engine.client.listTags({ repository: 'acme/nothing' }));
      expect(tags.failure).toMatchObject({ kind: 'not-found', what: 'repository' });
    });
  });
}
