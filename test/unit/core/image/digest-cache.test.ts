import { beforeEach, describe, expect, it } from 'vitest';
import { type DigestCacheOptions, withDigestCache } from '#main/core/image/digest-cache.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { parseDescriptor } from '#shared/oci/parse-descriptor.ts';
import { createMemoryRegistry, type MemoryRegistry } from '#test/support/memory-registry.ts';
import { build, buildImage, buildLayer, type Built, bytesOf } from '#test/support/oci-builder.ts';

const repository = 'team/app';
const image = buildImage();
const reference = image.descriptor.digest;
const describeBlob = (built: Built): Descriptor => parseDescriptor(built.descriptor, 'blob');
const config = describeBlob(image.config);

let registry: MemoryRegistry;
let client: RegistryClient;
const cached = (options?: DigestCacheOptions): RegistryClient => withDigestCache(registry.client, options);
beforeEach(() => {
  registry = createMemoryRegistry();
  registry.putImage(image, 'v1');
  client = cached();
});

describe('withDigestCache', () => {
  it('asks once for a manifest by digest and for a blob', async () => {
    const first = await client.getManifest({ repository, reference });
    expect(await client.getManifest({ repository, reference })).toEqual(first);
    expect(await client.getBlob({ repository, descriptor: config })).toEqual(image.config.bytes);
    expect(await client.getBlob({ repository, descriptor: config })).toEqual(image.config.bytes);
    expect(registry.requests).toEqual([`manifest ${reference}`, `blob ${config.digest}`]);
  });

  it('asks for a tag each time, and remembers what it led to', async () => {
    await client.getManifest({ repository, reference: 'v1' });
    await client.getManifest({ repository, reference: 'v1' });
    await client.getManifest({ repository, reference });
    expect(registry.requests).toEqual(['manifest v1', 'manifest v1']);
  });

  it('does not let one repository answer for another', async () => {
    await client.getManifest({ repository, reference });
    await client.getManifest({ repository: 'team/other', reference });
    expect(registry.requests).toHaveLength(2);
  });

  it('keeps nothing whose bytes are not what the digest names', async () => {
    let requests = 0;
    const lying: RegistryClient = {
      ...registry.client,
      getManifest: async (call) => {
        requests += 1;
        return { ...(await registry.client.getManifest(call)), bytes: bytesOf('{}') };
      },
      getBlob: () => {
        requests += 1;
        return Promise.resolve(new Uint8Array(config.sizeBytes));
      },
    };
    const wary = withDigestCache(lying);
    await wary.getManifest({ repository, reference });
    await wary.getManifest({ repository, reference });
    await wary.getBlob({ repository, descriptor: config });
    await wary.getBlob({ repository, descriptor: config });
    expect(requests).toBe(4);
  });

  it('keeps no failure', async () => {
    const missing = buildImage({ layers: [] });
    await expect(client.getManifest({ repository, reference: missing.descriptor.digest })).rejects.toMatchObject({
      kind: 'not-found',
    });
    registry.putImage(missing);
    expect((await client.getManifest({ repository, reference: missing.descriptor.digest })).bytes).toEqual(
      missing.bytes,
    );
  });

  it('refuses the right digest under a wrong size also when it knows the blob', async () => {
    await client.getBlob({ repository, descriptor: config });
    const wrong = { ...config, sizeBytes: config.sizeBytes + 1 };
    await expect(client.getBlob({ repository, descriptor: wrong })).rejects.toMatchObject({
      failure: { reason: 'bad-size' },
    });
  });

  it('honours the bound of the caller also when it knows the blob', async () => {
    await client.getBlob({ repository, descriptor: config });
    const bounded = client.getBlob({ repository, descriptor: config, limitBytes: 10 });
    await expect(bounded).rejects.toMatchObject({ kind: 'too-large' });
  });

  it('leaves blobs above 4 MiB to the client', async () => {
    const big = build(new Uint8Array(4 * 1024 * 1024 + 1), 'application/x');
    registry.putBlob(big);
    const call = { repository, descriptor: describeBlob(big), limitBytes: 1e9 };
    await client.getBlob(call);
    await client.getBlob(call);
    expect(registry.requests).toHaveLength(2);
  });

  it('forgets the least recently used when it is full', async () => {
    const blobs = ['a', 'b', 'c'].map((letter) => buildLayer(letter.repeat(10_000)));
    for (const blob of blobs) registry.putBlob(blob);
    const [a, b, c] = blobs.map(describeBlob) as [Descriptor, Descriptor, Descriptor];
    const small = cached({ capacityBytes: 2 * 22_000 });
    for (const descriptor of [a, b, a, c, a, b]) await small.getBlob({ repository, descriptor });
    expect(registry.requests).toEqual([a, b, c, b].map(({ digest }) => `blob ${digest}`));
  });

  it('passes everything else through, and closes the client', async () => {
    await client.ping();
    expect(client.connection).toBe(registry.client.connection);
    expect(registry.requests).toEqual(['ping']);
    await client.close();
    expect(registry.isClosed()).toBe(true);
  });
});

describe('withDigestCache, with equal requests at once', () => {
  it('sends one and answers all', async () => {
    const release = registry.hold();
    const answers = [1, 2, 3].map(() => client.getBlob({ repository, descriptor: config }));
    release();
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => image.config.bytes));
    expect(registry.requests).toHaveLength(1);
  });

  it('lets nobody join a request of lower priority, and everybody one of higher', async () => {
    const release = registry.hold();
    const call = { repository, reference };
    const asked = [
      client.getManifest({ ...call, priority: 'background' }),
      client.getManifest(call),
      client.getManifest({ ...call, priority: 'visible' }),
      client.getBlob({ repository, descriptor: config, priority: 'visible' }),
      client.getBlob({ repository, descriptor: config, priority: 'open' }),
      client.getBlob({ repository, descriptor: config, priority: 'background' }),
    ];
    release();
    await Promise.all(asked);
    const twice = [`manifest ${reference}`, `blob ${config.digest}`].flatMap((each) => [each, each]);
    expect(registry.requests).toEqual(twice);
  });

  it('does not fail the others when one aborts', async () => {
    const release = registry.hold();
    const controller = new AbortController();
    const leaving = client.getManifest({ repository, reference, signal: controller.signal });
    const staying = client.getManifest({ repository, reference, signal: new AbortController().signal });
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
    release();
    expect((await staying).bytes).toEqual(image.bytes);
    expect(registry.requests).toHaveLength(1);
  });

  it('aborts the request when the last one has left, and asks anew for the next', async () => {
    const release = registry.hold();
    const controllers = [new AbortController(), new AbortController()];
    const leaving = controllers.map(({ signal }) => client.getManifest({ repository, reference, signal }));
    for (const controller of controllers) controller.abort();
    const outcomes = await Promise.allSettled(leaving);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(registry.abortedCount()).toBe(1);
    const next = client.getManifest({ repository, reference });
    release();
    expect((await next).bytes).toEqual(image.bytes);
    expect(registry.requests).toHaveLength(2);
  });

  it('sends nothing for a caller that has aborted before, known or not', async () => {
    await client.getManifest({ repository, reference });
    const signal = AbortSignal.abort();
    await expect(client.getManifest({ repository, reference, signal })).rejects.toMatchObject({ name: 'AbortError' });
    await expect(client.getBlob({ repository, descriptor: config, signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(registry.requests).toHaveLength(1);
  });

  it('asks for no blob that its descriptor carries, unless that is something else (M16)', async () => {
    const carried = { ...config, data: Buffer.from(image.config.bytes).toString('base64') };
    expect(await client.getBlob({ repository, descriptor: carried })).toEqual(Buffer.from(image.config.bytes));
    expect(registry.requests).toEqual([]);
    const wrong = { ...config, data: Buffer.from('else').toString('base64') };
    expect(await client.getBlob({ repository, descriptor: wrong })).toEqual(image.config.bytes);
    expect(registry.requests).toHaveLength(1);
  });

  it('fails all when the one fails', async () => {
    const other = buildImage({ layers: [] }).descriptor.digest;
    const release = registry.hold();
    const answers = [1, 2].map(() => client.getManifest({ repository, reference: other }));
    release();
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes).toMatchObject([{ reason: { kind: 'not-found' } }, { reason: { kind: 'not-found' } }]);
    expect(registry.requests).toHaveLength(1);
  });
});
