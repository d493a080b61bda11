import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createGraphBudget, DEFAULT_BOUNDS } from '#main/core/transfer/content/bounds.ts';
import { cutToPlatforms } from '#main/core/transfer/content/platform-subset.ts';
import type { ManifestBytes } from '#main/core/transfer/ends.ts';
import {
  build,
  buildAttestation,
  buildImage,
  buildIndex,
  buildLayer,
  type Built,
  digestOf,
} from '#test/support/oci-builder.ts';

const manifestOf = ({ bytes, descriptor }: Built): ManifestBytes => ({
  bytes,
  digest: digestOf(bytes),
  mediaType: descriptor.mediaType,
});
const imageFor = (platform: Readonly<Record<string, unknown>> | undefined, annotations?: object) =>
  buildImage({
    layers: [buildLayer(JSON.stringify(platform))],
    descriptor: {
      ...(annotations === undefined ? {} : { annotations }),
      ...(platform === undefined ? {} : { platform }),
    },
  });
const amd64 = imageFor({ architecture: 'amd64', os: 'linux' }, { 'example.kept': 'yes' });
const arm64 = imageFor({ architecture: 'arm64', os: 'linux', variant: 'v8' });
const armv6 = imageFor({ architecture: 'arm', os: 'linux', variant: 'v6' });
const armv7 = imageFor({ architecture: 'arm', os: 'linux', variant: 'v7' });
const windows = imageFor({ architecture: 'amd64', os: 'windows', 'os.version': '10.0.20348.1' });
const attestationOf = (image: Built) => buildAttestation(image.descriptor.digest, `about ${image.descriptor.digest}`);

async function cut(root: Built, platforms: readonly string[], others: readonly Built[] = []) {
  const known = new Map(others.map((each) => [each.descriptor.digest, manifestOf(each)]));
  const manifest = await cutToPlatforms(manifestOf(root), {
    platforms,
    load: (digest) => Promise.resolve(known.get(digest)!),
    budget: createGraphBudget(DEFAULT_BOUNDS),
    signal: new AbortController().signal,
  });
  const body = JSON.parse(Buffer.from(manifest.bytes).toString()) as { manifests: { digest: string; size: number }[] };
  return { manifest, body, kept: body.manifests?.map(({ digest }) => digest) };
}

const digests = (...built: readonly Built[]) => built.map(({ descriptor }) => descriptor.digest);

describe('cutToPlatforms', () => {
  it('has the digest that is computed by hand: the same JSON without the other entries, and without white space', async () => {
    const root = buildIndex([amd64, arm64, attestationOf(amd64), attestationOf(arm64)], {
      annotations: { 'org.example.b': '2', 'org.example.a': '1' },
    });
    const { manifest } = await cut(root, ['linux/amd64']);
    const expected =
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[' +
      `${JSON.stringify(amd64.descriptor)},${JSON.stringify(attestationOf(amd64).descriptor)}],` +
      '"annotations":{"org.example.b":"2","org.example.a":"1"}}';
    expect(Buffer.from(manifest.bytes).toString()).toBe(expected);
    expect(manifest.digest).toBe(`sha256:${createHash('sha256').update(expected).digest('hex')}`);
    expect(manifest.mediaType).toBe(root.descriptor.mediaType);
  });

  it('keeps the order of the index, whatever the order of the choice', async () => {
    const root = buildIndex([armv7, amd64, arm64, attestationOf(arm64)]);
    const { kept } = await cut(root, ['linux/arm64/v8', 'linux/arm/v7']);
    expect(kept).toEqual(digests(armv7, arm64, attestationOf(arm64)));
  });

  it('is the manifest itself when nothing is left out, and when it is no index', async () => {
    const root = buildIndex([amd64, arm64]);
    const whole = manifestOf(root);
    expect((await cut(root, ['linux/arm64', 'linux/amd64'])).manifest).toEqual(whole);
    expect((await cut(amd64, ['linux/arm64'])).manifest).toEqual(manifestOf(amd64));
  });

  it('takes other spellings of one platform for the same, and other variants for others', async () => {
    const root = buildIndex([amd64, arm64, armv6, armv7]);
    expect((await cut(root, ['linux/aarch64'])).kept).toEqual(digests(arm64));
    expect((await cut(root, ['linux/arm'])).kept).toEqual(digests(armv7));
    expect((await cut(root, ['linux/arm/v6'])).kept).toEqual(digests(armv6));
  });

  it('takes every build of Windows unless one is named', async () => {
    const root = buildIndex([amd64, windows]);
    expect((await cut(root, ['windows/amd64'])).kept).toEqual(digests(windows));
    expect((await cut(root, ['windows/amd64:10.0.20348.1'])).kept).toEqual(digests(windows));
    await expect(cut(root, ['windows/amd64:10.0.17763.1'])).rejects.toMatchObject({ reason: 'no-platform' });
  });

  it('takes an image without a platform for linux/amd64', async () => {
    const unstated = imageFor(undefined);
    expect((await cut(buildIndex([unstated, arm64]), ['linux/amd64'])).kept).toEqual(digests(unstated));
  });

  it('keeps artifacts, and leaves out attestations of what is not here and unknown/unknown without a mark', async () => {
    const artifact = build({}, 'application/vnd.oci.artifact.manifest.v1+json');
    const orphan = attestationOf(armv6);
    const unknown = imageFor({ architecture: 'unknown', os: 'unknown' });
    const { kept } = await cut(buildIndex([amd64, arm64, artifact, orphan, unknown]), ['linux/amd64']);
    expect(kept).toEqual(digests(amd64, artifact));
  });

  it('cuts indexes inside, gives them their new digest and size, and drops those of which nothing is left', async () => {
    const servers = buildIndex([amd64, arm64]);
    const boards = buildIndex([armv6, armv7]);
    const described = { ...servers, descriptor: { ...servers.descriptor, annotations: { a: 'b' }, data: 'e30=' } };
    const { body, manifest } = await cut(buildIndex([described, boards]), ['linux/arm64/v8'], [servers, boards]);
    const inner = await cut(servers, ['linux/arm64/v8']);
    expect(body.manifests).toEqual([
      {
        mediaType: servers.descriptor.mediaType,
        digest: inner.manifest.digest,
        size: inner.manifest.bytes.length,
        annotations: { a: 'b' },
      },
    ]);
    expect(manifest.digest).not.toBe(inner.manifest.digest);
  });

  it('M08 keeps a field called __proto__ what it is', async () => {
    const text = Buffer.from(buildIndex([amd64, arm64]).bytes)
      .toString()
      .replace(/\}$/, ',"annotations":{"__proto__":"x"}}');
    const { manifest } = await cut(build(text, 'application/vnd.oci.image.index.v1+json'), ['linux/amd64']);
    expect(Buffer.from(manifest.bytes).toString()).toContain('"annotations":{"__proto__":"x"}');
  });

  it('refuses when no platform is left', async () => {
    const artifact = build({}, 'application/vnd.oci.artifact.manifest.v1+json');
    await expect(cut(buildIndex([amd64, artifact]), ['linux/s390x'])).rejects.toMatchObject({
      kind: 'transfer',
      reason: 'no-platform',
      detail: 'linux/s390x',
    });
  });

  it('gives the same digest each time', async () => {
    const root = buildIndex([amd64, arm64, armv7]);
    const once = (await cut(root, ['linux/arm64', 'linux/amd64'])).manifest.digest;
    expect((await cut(root, ['linux/amd64', 'linux/arm64'])).manifest.digest).toBe(once);
  });
});
