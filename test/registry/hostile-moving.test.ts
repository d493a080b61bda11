import { describe, expect, it } from 'vitest';
import { resolveImage } from '#main/core/image/resolve-image.ts';
import { type Engine, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { json, type RecordedRequest, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { type Built, buildImage, buildIndex, buildLayer } from '#test/support/oci-builder.ts';
import { toDescriptor } from '#test/support/oci-layout.ts';

const platform = { os: 'linux', architecture: 'amd64', osFeatures: [], features: [] };
/** The same tag, built again and again. */
const builds = [0, 1, 2, 3].map((number) => {
  const image = buildImage({
    layers: [buildLayer(`layer ${number}`)],
    descriptor: { platform: { os: 'linux', architecture: 'amd64' } },
  });
  return { image, index: buildIndex([image], { annotations: { build: String(number) } }) };
});
const contents = new Map<string, Built>(
  builds.flatMap(({ image, index }) =>
    [index, image, image.config, ...image.layers].map((built): [string, Built] => [built.descriptor.digest, built]),
  ),
);
const reply = ({ bytes, descriptor }: Built, digest: string = descriptor.digest): Reply => ({
  headers: { 'content-type': descriptor.mediaType, 'docker-content-digest': digest },
  body: Buffer.from(bytes),
});
const digestIn = ({ path }: RecordedRequest) => /sha256:[0-9a-f]{64}/.exec(path)?.[0];
const repository = 'acme/web';

describe('a tag that moves between every two requests', () => {
  it('is read once for a view, and all the rest by the digest of that answer (M19)', async () => {
    let reads = 0;
    await using registry = await startFakeRegistry((request) => {
      const digest = digestIn(request);
      if (digest !== undefined) return reply(contents.get(digest)!);
      const build = builds[reads % builds.length]!;
      reads += 1;
      return reply(build.index);
    });
    await using engine = startEngine(registry.host);
    const view = await resolveImage({
      client: engine.client,
      repository,
      reference: 'latest',
      hostPlatform: platform,
    });
    expect(view.digest).toBe(builds[0]!.index.descriptor.digest);
    expect(registry.lines.filter((line) => line.endsWith('/manifests/latest'))).toHaveLength(1);
    const first = new Set(
      [builds[0]!.index, builds[0]!.image, builds[0]!.image.config].map((b) => b.descriptor.digest),
    );
    expect(registry.requests.slice(1).every((request) => first.has(digestIn(request) ?? ''))).toBe(true);
  });

  it('goes by the bytes of GET, whatever HEAD said before (M03)', async () => {
    const [told, sent] = [builds[1]!.index, builds[2]!.index];
    await using registry = await startFakeRegistry(({ method }) => reply(method === 'HEAD' ? told : sent));
    await using engine = startEngine(registry.host);
    const head = await engine.client.headManifest({ repository, reference: 'latest' });
    const manifest = await engine.client.getManifest({ repository, reference: 'latest' });
    expect(head.digest).toBe(told.descriptor.digest);
    expect(manifest.digest).toBe(sent.descriptor.digest);
    expect(Buffer.from(manifest.bytes)).toEqual(Buffer.from(sent.bytes));
    const error = await registryErrorOf(engine.client.getManifest({ repository, reference: told.descriptor.digest }));
    expect(error.failure).toMatchObject({ kind: 'digest-mismatch', expected: told.descriptor.digest });
  });

  it('of referrers is read anew each time they are asked for (F03)', async () => {
    const subject = toDescriptor(builds[0]!.index.descriptor).digest;
    const referrer = (name: string) => ({ ...builds[1]!.image.descriptor, artifactType: `application/${name}` });
    let type = 'first';
    await using registry = await startFakeRegistry(({ path }) => {
      if (path.includes('/referrers/')) return { status: 404 };
      if (!path.endsWith(`/manifests/${subject.replace(':', '-')}`)) return undefined;
      const mediaType = 'application/vnd.oci.image.index.v1+json';
      return json({ schemaVersion: 2, mediaType, manifests: [referrer(type)] }, { 'content-type': mediaType });
    });
    await using engine = startEngine(registry.host);
    const types = async () =>
      (await engine.client.listReferrers({ repository, digest: subject })).referrers.map((each) => each.artifactType);
    expect(await types()).toEqual(['application/first']);
    type = 'second';
    expect(await types()).toEqual(['application/second']);
  });
});

describe('a blob that comes in part', () => {
  const blob = buildLayer('0123456789'.repeat(1000));
  const descriptor = toDescriptor(blob.descriptor);
  const get = ({ client }: Engine) => client.getBlob({ repository, descriptor });
  const clock = { now: Date.now, sleep: () => Promise.resolve() };
  const cut: Reply = {
    raw: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${blob.bytes.length}\r\n\r\n`);
      socket.write(blob.bytes.subarray(0, 6000), () => socket.resetAndDestroy());
    },
  };

  it('because it was reset at 60 % is never taken for the whole (B04)', async () => {
    await using registry = await startFakeRegistry(() => cut);
    await using engine = startEngine(registry.host, { clock });
    expect((await registryErrorOf(get(engine))).failure).toMatchObject({ kind: 'network' });
  });

  it.each([
    ['of another range', 'bytes 5-14/10000'],
    ['of no range', undefined],
    ['of two ranges', ['bytes 0-4/10000', 'bytes 5-9/10000']],
  ])('as a 206 %s that nobody asked for is refused (B05)', async (_name, range) => {
    await using registry = await startFakeRegistry(() => ({
      status: 206,
      headers: range === undefined ? {} : { 'content-range': range },
      body: Buffer.from(blob.bytes.subarray(0, 10)),
    }));
    await using engine = startEngine(registry.host, { clock });
    const error = await registryErrorOf(get(engine));
    expect(['registry', 'protocol']).toContain(error.kind);
    expect(registry.received).not.toContain('range:');
  });

  it('and as other bytes the next time is refused by its digest (B06)', async () => {
    const other = Buffer.from('9876543210'.repeat(1000));
    await using registry = await startFakeRegistry((_request, index) => (index === 0 ? cut : { body: other }));
    await using engine = startEngine(registry.host, { clock });
    const errors = [await registryErrorOf(get(engine)), await registryErrorOf(get(engine))];
    expect(errors.map(({ kind }) => kind)).toContain('digest-mismatch');
  });
});
