import { describe, expect, it } from 'vitest';
import { missingContent } from '#main/core/registry/missing-content.ts';
import type { PushManifestCall } from '#main/core/registry/registry-client.ts';
import { type Engine, type EngineOptions, registryErrorOf } from '#test/support/engine.ts';
import { buildImage, buildIndex, digestOf } from '#test/support/oci-builder.ts';
import { engineAt, repository } from '#test/support/pushing.ts';
import { type Interference, startUploadRegistry, type UploadRegistryOptions } from '#test/support/upload-registry.ts';

const image = buildImage();
const other = buildIndex([image]);
const MANIFEST = { bytes: image.bytes, mediaType: image.descriptor.mediaType };
const digest = digestOf(image.bytes);

const push = (engine: Engine, call: Partial<PushManifestCall> = {}) =>
  engine.client.pushManifest({ repository, reference: 'v1', priority: 'transfer', ...MANIFEST, ...call });

async function pushing(
  interfere: Interference,
  call: Partial<PushManifestCall> = {},
  more: { readonly registry?: UploadRegistryOptions; readonly engine?: EngineOptions } = {},
) {
  await using registry = await startUploadRegistry({ ...more.registry, interfere });
  await using engine = engineAt(registry.host, more.engine);
  const outcome = await push(engine, call).catch((error: unknown) => error);
  return { outcome, registry, log: engine.log };
}

describe('pushManifest', () => {
  it('sends the very bytes under a tag or their digest', async () => {
    for (const reference of ['v1', digest]) {
      const { outcome, registry } = await pushing(() => undefined, { reference });
      expect(outcome).toEqual({ digest, warnings: [], subjectAccepted: false });
      expect(registry.steps).toBe('put-manifest');
      expect(registry.arrivals[0]).toMatchObject({
        path: `/v2/acme/web/manifests/${reference}`,
        headers: { 'content-type': MANIFEST.mediaType },
      });
      expect(registry.manifests.get(reference)?.bytes.equals(image.bytes)).toBe(true);
    }
  });

  it('says whether the registry lists it among the referrers of its subject', async () => {
    const { outcome } = await pushing(async (arrival, self) => {
      const answer = await self.behave(arrival);
      return { ...answer, headers: { ...answer.headers, 'oci-subject': digest } };
    });
    expect(outcome).toMatchObject({ subjectAccepted: true });
  });

  it.each([
    ['under a digest that is not theirs', { reference: digestOf(other.bytes) }, 'digest-mismatch'],
    ['of more than 4 MiB', { bytes: Buffer.alloc(4 * 1024 * 1024 + 1) }, 'too-large'],
  ])('sends no bytes %s', async (_name, call, kind) => {
    const { outcome, registry } = await pushing(() => undefined, call);
    expect(outcome).toMatchObject({ kind });
    expect(registry.arrivals).toEqual([]);
  });

  it('sends If-Match where it is asked to, and tells that somebody was first', async () => {
    const { outcome, registry } = await pushing(() => undefined, { ifMatch: '"x"' }, { registry: { hasEtags: true } });
    expect(outcome).toMatchObject({ failure: { kind: 'registry', status: 412 } });
    expect(registry.arrivals[0]?.headers['if-match']).toBe('"x"');
    expect(registry.steps).toBe('put-manifest');
  });
});

describe('a registry that answers a manifest', () => {
  const lie = { status: 201, headers: { 'docker-content-digest': digestOf(other.bytes) } };

  it('with another digest and has it all the same is told of with a warning (U07)', async () => {
    const { outcome, registry } = await pushing(async (arrival, self) => {
      if (arrival.step !== 'put-manifest') return undefined;
      await self.behave(arrival);
      return lie;
    });
    expect(outcome).toMatchObject({ digest, warnings: [{ source: 'gantry' }] });
    expect(registry.steps).toBe('put-manifest get-manifest');
  });

  it('with another digest and has something else is not believed (U07)', async () => {
    const { outcome } = await pushing(async (arrival, self) => {
      if (arrival.step !== 'put-manifest') return undefined;
      self.manifests.set('v1', { bytes: Buffer.from(other.bytes), mediaType: other.descriptor.mediaType });
      await arrival.read();
      return lie;
    });
    expect(outcome).toMatchObject({
      failure: { kind: 'digest-mismatch', expected: digest, actual: digestOf(other.bytes) },
    });
  });

  it('too late, having taken it, is not sent it twice (U07, FI14)', async () => {
    const { outcome, registry } = await pushing(async (arrival, self) => {
      if (arrival.step !== 'put-manifest') return undefined;
      await self.behave(arrival);
      arrival.socket.resetAndDestroy();
      return 'silence';
    });
    expect(outcome).toMatchObject({ digest });
    expect(registry.steps).toBe('put-manifest get-manifest');
  });

  it('by hanging, having taken it, is not sent it twice (U07)', async () => {
    const timeouts = { connectMs: 1000, commitMs: 2000 };
    const { outcome, registry } = await pushing(
      async (arrival, self) => {
        if (arrival.step !== 'put-manifest') return undefined;
        await self.behave(arrival);
        return 'silence';
      },
      {},
      { engine: { transport: { timeouts } } },
    );
    expect(outcome).toMatchObject({ digest });
    expect(registry.steps).toBe('put-manifest get-manifest');
  });

  it.each([500, 502, 503, 504])(
    'with %i three times is asked what it has, and sent it again (FI06)',
    async (status) => {
      const { outcome, registry } = await pushing(({ step, nth }) =>
        step === 'put-manifest' && nth <= 3 ? { status } : undefined,
      );
      expect(outcome).toMatchObject({ digest });
      expect(registry.steps).toBe('put-manifest get-manifest '.repeat(3) + 'put-manifest');
    },
  );

  it('with 10,000 warnings and escapes in them is quoted twenty times, and without those (U08)', async () => {
    const warning = Array.from(
      { length: 10_000 },
      (_, index) => `299 - "${index % 2 === 0 ? `w${index}` : '\\u001b[31m'}"`,
    );
    const { outcome } = await pushing(async (arrival, self) => {
      const answer = await self.behave(arrival);
      return { ...answer, headers: { ...answer.headers, warning: warning.slice(0, 200) } };
    });
    expect((outcome as { warnings: unknown[] }).warnings).toHaveLength(20);
    expect(JSON.stringify(outcome)).not.toContain('\u001b');
  });

  it('with a web page of 10 MB is read 64 KiB of (U08)', async () => {
    const { outcome } = await pushing(() => ({
      status: 400,
      headers: { 'content-type': 'text/html' },
      body: '<p>'.repeat(3_500_000),
    }));
    expect(outcome).toMatchObject({ failure: { kind: 'registry', status: 400, codes: [] } });
  });
});

describe('content that a registry said it had and then does not know', () => {
  const missing = `sha256:${'c'.repeat(64)}`;
  const refuse = (code: string, more: object): Interference => {
    return ({ step, nth }) =>
      step === 'put-manifest' && nth === 1
        ? {
            status: 400,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ errors: [{ code, message: 'unknown', ...more }] }),
          }
        : undefined;
  };

  it.each([
    ['distribution', 'MANIFEST_BLOB_UNKNOWN', { detail: { digest: missing } }, [missing]],
    ['by the code of the specification', 'BLOB_UNKNOWN', { message: `blob ${missing} unknown` }, [missing]],
    ['an index', 'MANIFEST_UNKNOWN', { detail: missing }, [missing]],
    ['one that only complains', 'MANIFEST_BLOB_UNKNOWN', {}, []],
  ])('is named to who can send it again: %s (B09, FI15)', async (_name, code, more, digests) => {
    await using registry = await startUploadRegistry({ interfere: refuse(code, more) });
    await using engine = engineAt(registry.host);
    expect(missingContent(await registryErrorOf(push(engine)))).toEqual({ digests });
    expect(await push(engine)).toMatchObject({ digest });
    expect(registry.steps).toBe('put-manifest put-manifest');
  });

  it('is not read into other refusals', async () => {
    const { outcome } = await pushing(refuse('DENIED', { detail: missing }));
    expect(missingContent(outcome)).toBeUndefined();
    const { outcome: lost } = await pushing(({ step }) => (step === 'put-manifest' ? { status: 404 } : undefined));
    expect(missingContent(lost)).toBeUndefined();
    expect(missingContent(new Error('other'))).toBeUndefined();
  });
});

describe('what is asked for while a manifest is pushed', () => {
  it('from before the push answers nobody who asks after it', async () => {
    const held = Promise.withResolvers<undefined>();
    await using registry = await startUploadRegistry({
      interfere: async (arrival) => {
        if (arrival.step !== 'head-manifest' || arrival.nth > 1) return undefined;
        await held.promise;
        return { status: 404 };
      },
    });
    await using engine = engineAt(registry.host);
    const before = registryErrorOf(engine.client.headManifest({ repository, reference: 'v1' }));
    await expect.poll(() => registry.steps).toContain('head-manifest');
    await push(engine);
    expect(await engine.client.headManifest({ repository, reference: 'v1' })).toMatchObject({ digest });
    held.resolve(undefined);
    expect((await before).kind).toBe('not-found');
  });
});
