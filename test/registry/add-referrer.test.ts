import { describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { buildImage, buildIndex, digestOf } from '#test/support/oci-builder.ts';
import { toDescriptor } from '#test/support/oci-layout.ts';
import { engineAt, repository } from '#test/support/pushing.ts';
import { type Interference, startUploadRegistry, type UploadRegistry } from '#test/support/upload-registry.ts';

const image = buildImage();
const subject = digestOf(image.bytes);
const TAG = subject.replace(':', '-');
const artifact = (name: string) => {
  const built = buildImage({ manifest: { artifactType: `application/${name}`, subject: image.descriptor } });
  return {
    ...toDescriptor(built.descriptor),
    artifactType: `application/${name}`,
    annotations: [['name', name]] as [string, string][],
  };
};
const [first, second] = [artifact('first'), artifact('second')];

const listOf = ({ manifests }: UploadRegistry) => JSON.parse(manifests.get(TAG)?.bytes.toString() ?? 'null');
const put = ({ manifests }: UploadRegistry, bytes: Uint8Array, mediaType: string = MEDIA_TYPE.ociIndex) =>
  void manifests.set(TAG, { bytes: Buffer.from(bytes), mediaType });

async function adding(
  interfere: Interference,
  prepare: (registry: UploadRegistry) => void = () => undefined,
  hasEtags = false,
) {
  await using registry = await startUploadRegistry({ interfere, hasEtags });
  prepare(registry);
  await using engine = engineAt(registry.host);
  const outcome = await engine.client
    .addReferrer({ repository, subject, referrer: first, priority: 'transfer' })
    .catch((error: unknown) => error);
  return { outcome, registry };
}

describe('addReferrer', () => {
  it('leaves it to a registry that lists referrers by itself', async () => {
    const { outcome, registry } = await adding(({ path }) =>
      path.includes('/referrers/')
        ? { status: 200, headers: { 'content-type': MEDIA_TYPE.ociIndex }, body: Buffer.from(buildIndex([]).bytes) }
        : undefined,
    );
    expect(outcome).toEqual({ by: 'api', warnings: [] });
    expect(registry.steps).not.toContain('put-manifest');
  });

  it('begins the list under the fallback tag', async () => {
    const { outcome, registry } = await adding(() => undefined);
    expect(outcome).toEqual({ by: 'tag', digest: digestOf(registry.manifests.get(TAG)!.bytes), warnings: [] });
    expect(listOf(registry)).toEqual({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [
        {
          mediaType: MEDIA_TYPE.ociManifest,
          digest: first.digest,
          size: first.sizeBytes,
          artifactType: 'application/first',
          annotations: { name: 'first' },
        },
      ],
    });
  });

  it('keeps every entry of others, and what else is in the list, as it is', async () => {
    const theirs = { mediaType: 'x/y', digest: second.digest, size: 7, 'org.example.extra': { deep: [1] } };
    const before = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      annotations: { a: 'b' },
      manifests: [theirs, { broken: true }],
    };
    const { registry } = await adding(
      () => undefined,
      (self) => put(self, Buffer.from(JSON.stringify(before))),
    );
    expect(listOf(registry)).toEqual({
      ...before,
      manifests: [theirs, { broken: true }, expect.objectContaining({ digest: first.digest })],
    });
  });

  it('writes nothing when it is listed already', async () => {
    const listed = buildIndex([
      { bytes: image.bytes, descriptor: { mediaType: 'x/y', digest: first.digest, size: 1 } },
    ]);
    const { outcome, registry } = await adding(
      () => undefined,
      (self) => put(self, listed.bytes),
    );
    expect(outcome).toEqual({ by: 'tag', warnings: [] });
    expect(registry.steps).not.toContain('put-manifest');
  });

  it('adds several at once one after the other, and loses none', async () => {
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host);
    const all = Array.from({ length: 6 }, (_, index) => artifact(`a${index}`));
    await Promise.all(all.map((referrer) => engine.client.addReferrer({ repository, subject, referrer })));
    const digests = listOf(registry).manifests.map(({ digest }: { digest: string }) => digest);
    expect(digests.sort()).toEqual(all.map(({ digest }) => digest).sort());
  });
});

describe('a list of referrers that somebody changes meanwhile', () => {
  const theirs = buildIndex([{ bytes: image.bytes, descriptor: { mediaType: 'x/y', digest: second.digest, size: 1 } }]);
  const digests = (registry: UploadRegistry) =>
    listOf(registry).manifests.map(({ digest }: { digest: string }) => digest);

  it('is read and added to again where ETags tell (F03)', async () => {
    const { outcome, registry } = await adding(
      (arrival, self) => {
        if (arrival.step === 'put-manifest' && arrival.nth === 1) put(self, theirs.bytes);
        return undefined;
      },
      (self) => put(self, buildIndex([]).bytes),
      true,
    );
    expect(outcome).toMatchObject({ by: 'tag', warnings: [{ source: 'gantry' }] });
    expect(digests(registry)).toEqual([second.digest, first.digest]);
    expect(
      registry.arrivals.filter(({ step }) => step === 'put-manifest').map(({ headers }) => headers['if-match']),
    ).toEqual([`"${digestOf(buildIndex([]).bytes)}"`, `"${digestOf(theirs.bytes)}"`]);
  });

  it('after our entry was written gets it once more, beside theirs (F03)', async () => {
    const { outcome, registry } = await adding(async (arrival, self) => {
      if (arrival.step !== 'put-manifest' || arrival.nth > 1) return undefined;
      const answer = await self.behave(arrival);
      put(self, theirs.bytes);
      return answer;
    });
    expect(outcome).toMatchObject({ by: 'tag', warnings: [{ source: 'gantry' }] });
    expect(digests(registry)).toEqual([second.digest, first.digest]);
  });

  it('each time is given up (F03)', async () => {
    const { outcome, registry } = await adding(async (arrival, self) => {
      if (arrival.step !== 'put-manifest') return undefined;
      const answer = await self.behave(arrival);
      put(self, theirs.bytes);
      return answer;
    });
    expect(outcome).toMatchObject({ kind: 'conflict' });
    expect(registry.arrivals.filter(({ step }) => step === 'put-manifest').length).toBeLessThanOrEqual(5);
  });
});

describe('a fallback tag that is no list of referrers', () => {
  it.each([
    ['leads to the image itself, as at GitLab', image.bytes, MEDIA_TYPE.ociManifest],
    ['is another image', buildImage({ manifest: { annotations: { a: 'b' } } }).bytes, MEDIA_TYPE.ociManifest],
    ['is a Docker list', Buffer.from('{"schemaVersion":2,"manifests":[]}'), MEDIA_TYPE.dockerList],
  ])('is never written over: it %s (F02)', async (_name, bytes, mediaType) => {
    const { outcome, registry } = await adding(
      () => undefined,
      (self) => put(self, bytes, mediaType),
    );
    expect(outcome).toMatchObject({ failure: { kind: 'unsupported', feature: 'referrers' } });
    expect(registry.steps).not.toContain('put-manifest');
    expect(registry.manifests.get(TAG)?.bytes.equals(bytes)).toBe(true);
  });

  it('of an index that is its own subject is never written over (F02)', async () => {
    const index = buildIndex([image]);
    const digest = digestOf(index.bytes);
    await using registry = await startUploadRegistry();
    registry.manifests.set(digest.replace(':', '-'), {
      bytes: Buffer.from(index.bytes),
      mediaType: MEDIA_TYPE.ociIndex,
    });
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(engine.client.addReferrer({ repository, subject: digest, referrer: first }));
    expect(error.failure).toMatchObject({ kind: 'unsupported', feature: 'referrers' });
  });
});
