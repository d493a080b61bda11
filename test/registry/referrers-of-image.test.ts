import { describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { listReferrers } from '#main/core/image/list-referrers.ts';
import { resolveImage } from '#main/core/image/resolve-image.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { startEngine } from '#test/support/engine.ts';
import { routes, startFakeRegistry } from '#test/support/fake-registry.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { build, buildImage, buildIndex } from '#test/support/oci-builder.ts';
import { pushImage, pushManifest } from '#test/support/push-image.ts';
import {
  REPOSITORY,
  SIGNATURE,
  SBOM,
  image,
  subject,
  TAG,
  API,
  MANIFESTS,
  first,
  second,
  index,
  served,
  list,
  digests,
  referrer,
} from '#test/support/referrer-documents.ts';
import { hasTools } from '#test/support/tools.ts';

describe('listReferrers of an image', () => {
  const other = buildImage({ manifest: { annotations: { name: 'other' } } });
  const stranger = referrer('stranger', SIGNATURE, other);

  it('drops what a tag lists though it names another subject, with a warning (F02)', async () => {
    await using registry = await startFakeRegistry(
      routes({
        [`${MANIFESTS}/${TAG}`]: served(buildIndex([first, stranger, image])),
        [`${MANIFESTS}/${first.descriptor.digest}`]: served(first),
        [`${MANIFESTS}/${stranger.descriptor.digest}`]: served(stranger),
      }),
    );
    await using engine = startEngine(registry.host);
    const page = await listReferrers({ client: engine.client, repository: REPOSITORY, digest: subject });
    expect(digests(page)).toEqual([first.descriptor.digest]);
    expect(page.droppedCount).toBe(1);
    expect(page.warnings).toEqual([{ source: 'gantry', text: expect.stringMatching(/^1 of the listed referrers/) }]);
  });

  it.each([
    ['another subject', stranger, /but it names sha256:[0-9a-f]{64} as its subject/],
    ['no subject', other, /but it names no subject/],
  ] as const)('warns of one with %s when it is opened (F02)', async (_name, listed, warning) => {
    const reference = listed.descriptor.digest;
    await using registry = await startFakeRegistry(
      routes({
        [`${MANIFESTS}/${reference}`]: served(listed),
        [`/v2/${REPOSITORY}/blobs/${listed.config.descriptor.digest}`]: { body: Buffer.from(listed.config.bytes) },
      }),
    );
    await using engine = startEngine(registry.host);
    const hostPlatform = parsePlatform('linux/amd64');
    const input = { client: engine.client, repository: REPOSITORY, reference, hostPlatform };
    const view = await resolveImage({ ...input, referrerOf: subject });
    expect(view.warnings).toEqual([{ source: 'gantry', text: expect.stringMatching(warning) as string }]);
    expect((await resolveImage(input)).warnings).toEqual([]);
  });

  it('does not warn of one that names the subject it was listed for', async () => {
    await using registry = await startFakeRegistry(
      routes({
        [`${MANIFESTS}/${first.descriptor.digest}`]: served(first),
        [`/v2/${REPOSITORY}/blobs/${first.config.descriptor.digest}`]: { body: Buffer.from(first.config.bytes) },
      }),
    );
    await using engine = startEngine(registry.host);
    const input = { client: engine.client, repository: REPOSITORY, hostPlatform: parsePlatform('linux/amd64') };
    const view = await resolveImage({ ...input, reference: first.descriptor.digest, referrerOf: subject });
    expect(view.warnings).toEqual([]);
  });

  it('adds what cosign keeps under its tags, named by them', async () => {
    const signature = build({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, sig: 1 }, MEDIA_TYPE.ociManifest);
    await using registry = await startFakeRegistry(
      routes({ [API]: index([first.descriptor]), [`${MANIFESTS}/${TAG}.sig`]: served(signature) }),
    );
    await using engine = startEngine(registry.host);
    const page = await listReferrers({ client: engine.client, repository: REPOSITORY, digest: subject });
    expect(page.referrers).toMatchObject([
      { digest: first.descriptor.digest },
      {
        digest: signature.descriptor.digest,
        sizeBytes: signature.descriptor.size,
        artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json',
        annotations: [['org.opencontainers.image.ref.name', `${TAG}.sig`]],
      },
    ]);
    expect(registry.lines.toSorted()).toEqual([
      `GET ${API}`,
      ...['att', 'sbom', 'sig'].map((suffix) => `HEAD ${MANIFESTS}/${TAG}.${suffix}`),
    ]);
  });

  it('does not look for tags of cosign when one artifact type is asked for', async () => {
    await using registry = await startFakeRegistry(routes({ [API]: index([]) }));
    await using engine = startEngine(registry.host);
    const input = { client: engine.client, repository: REPOSITORY, digest: subject, artifactType: SBOM };
    expect((await listReferrers(input)).referrers).toEqual([]);
    expect(registry.requests).toHaveLength(1);
  });
});

describe('referrers of real registries', () => {
  it('come from the API of the Local registry', async () => {
    const registry = await startTestRegistry();
    try {
      await pushImage(registry.address, REPOSITORY, image, ['v1']);
      for (const each of [first, second]) await pushImage(registry.address, REPOSITORY, each, []);
      await using engine = startEngine(registry.address);
      const page = await listReferrers({ client: engine.client, repository: REPOSITORY, digest: subject });
      expect(page.source).toBe('api');
      expect(digests(page).toSorted()).toEqual([first, second].map((each) => each.descriptor.digest).toSorted());
      expect(digests(await list(engine, { artifactType: SBOM }))).toEqual([second.descriptor.digest]);
    } finally {
      await registry.stop();
    }
  });

  it.skipIf(!hasTools('docker-registry'))('come from the tag in docker-registry 2.8, which has no API', async () => {
    await using registry = await startDockerRegistry();
    await using engine = startEngine(registry.host);
    await pushImage(registry.host, REPOSITORY, image, ['v1']);
    expect(await list(engine)).toMatchObject({ source: 'none', referrers: [] });
    for (const each of [first, second]) await pushImage(registry.host, REPOSITORY, each, []);
    await pushManifest(registry.host, REPOSITORY, buildIndex([first, second]), [TAG]);
    const page = await listReferrers({ client: engine.client, repository: REPOSITORY, digest: subject });
    expect(page).toMatchObject({ source: 'tag', droppedCount: 0, warnings: [] });
    expect(digests(page)).toEqual([first.descriptor.digest, second.descriptor.digest]);
  });
});
