import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UploadSession } from '#main/core/registry/registry-client.ts';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { isManifestPut, isUploadData, isUploadStart, type Rule } from '#test/support/chaos-faults.ts';
import { startChaosProxy } from '#test/support/chaos-proxy.ts';
import { type RunningRegistry, startDistribution } from '#test/support/distribution.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { buildImage, digestOf } from '#test/support/oci-builder.ts';
import { engineAt, push, repository } from '#test/support/pushing.ts';
import { hasTools } from '#test/support/tools.ts';

const MIB = 1024 * 1024;
const SIZE = 12 * MIB;

type Setting = {
  readonly name: string;
  readonly start: (() => Promise<RunningRegistry>) | undefined;
  /** Distribution 2 gives up an upload whose body broke off; 3 keeps what it has of it. */
  readonly keepsUploads: boolean;
};

const program = findGoTool('registry');
const settings: readonly Setting[] = [
  {
    name: 'docker-registry 2.8',
    start: hasTools('docker-registry') ? () => startDockerRegistry() : undefined,
    keepsUploads: false,
  },
  {
    name: 'distribution 3',
    start: program === undefined ? undefined : () => startDistribution(program),
    keepsUploads: true,
  },
];

for (const setting of settings) {
  const { start, keepsUploads } = setting;
  describe.skipIf(start === undefined).each([setting])('a push to $name', () => {
    let registry: RunningRegistry;
    let seed = 0;
    beforeAll(async () => {
      registry = await start!();
    });
    afterAll(async () => {
      await registry?.[Symbol.asyncDispose]();
    });
    const fresh = () => blobSource(patternBytes(SIZE, (seed += 1)));

    const cut = async (rule: Rule, uploadChunkBytes?: number) => {
      await using proxy = await startChaosProxy(registry.host);
      proxy.add({ times: 1, ...rule });
      await using engine = engineAt(
        proxy.host,
        uploadChunkBytes === undefined ? {} : { connection: { uploadChunkBytes } },
      );
      const source = fresh();
      expect(await push(engine, source)).toBe('sent');
      expect(await engine.client.headBlob({ repository, digest: source.descriptor.digest })).toEqual({
        sizeBytes: SIZE,
      });
      const bytes = proxy.requests.filter(isUploadData).reduce((sum, { requestBytes }) => sum + requestBytes, 0);
      return { bytes, requests: proxy.requests };
    };

    it.each([1, 50, 99])('cut off after %i hundredths of its body goes on (FI12)', async (hundredths) => {
      const afterBytes = Math.floor((SIZE * hundredths) / 100);
      const { bytes } = await cut({ match: isUploadData, fault: { kind: 'reset-request', afterBytes } });
      // What lay in buffers on the way is lost with a reset.
      expect(bytes).toBeLessThanOrEqual((keepsUploads ? SIZE : SIZE * 2) + 5 * MIB);
    });

    it('cut off in a chunk goes on (FI12)', async () => {
      const { requests } = await cut(
        { match: isUploadData, fault: { kind: 'reset-request', afterBytes: MIB } },
        3 * MIB,
      );
      expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(keepsUploads ? 1 : 2);
    });

    it('whose answer is lost is found to be done (FI12)', async () => {
      const { bytes, requests } = await cut({ match: isUploadData, fault: { kind: 'lose-answer' } });
      expect(bytes).toBe(SIZE);
      expect(requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'HEAD', 'HEAD']);
    });

    it.each([
      ['the start', isUploadStart],
      ['the body', isUploadData],
    ])('answered with 503 three times at %s goes on (FI06)', async (_name, match) => {
      const { requests } = await cut({ match, fault: { kind: 'answer', status: 503 }, times: 3 });
      expect(requests.filter(({ status }) => status === 503)).toHaveLength(3);
    });

    it('of a manifest whose answer is lost is done once (FI14)', async () => {
      await using proxy = await startChaosProxy(registry.host);
      await using engine = engineAt(proxy.host);
      const image = buildImage({ layers: [] });
      await push(engine, blobSource(Buffer.from(image.config.bytes)));
      proxy.add({ match: (request) => isManifestPut(request), fault: { kind: 'lose-answer' }, times: 1 });
      const call = { repository, reference: 'v1', bytes: image.bytes, mediaType: image.descriptor.mediaType };
      expect((await engine.client.pushManifest(call)).digest).toBe(digestOf(image.bytes));
      expect(proxy.requests.filter((request) => isManifestPut(request))).toHaveLength(1);
    });

    it('that stops while the registry is away goes on when both are back (FI28)', async () => {
      const bytes = patternBytes(SIZE, (seed += 1));
      const held = Promise.withResolvers<undefined>();
      const source = blobSource(bytes, {
        give: (rest) => (rest.length === SIZE ? firstHalf(rest, held.promise) : rest),
      });
      await using proxy = await startChaosProxy(registry.host);
      const kept: (UploadSession | undefined)[] = [];
      const onSession = (session: UploadSession | undefined) => void kept.push(session);
      await using engine = engineAt(proxy.host, { transport: { retry: { transferTries: 3 } } });
      const failed = registryErrorOf(push(engine, { ...source, onSession }));
      await expect.poll(() => proxy.requests.find(isUploadData)?.requestBytes).toBe(SIZE / 2);
      await proxy.down();
      held.resolve(undefined);
      expect((await failed).failure).toMatchObject({ kind: 'network' });
      await proxy.up();

      const before = proxy.requests.length;
      await using later = engineAt(proxy.host);
      const session = kept.at(-1);
      const again = { ...blobSource(bytes), ...(session === undefined ? {} : { session }) };
      expect(await push(later, again)).toBe('sent');
      const sent = proxy.requests.slice(before).filter(isUploadData);
      const sentBytes = sent.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
      expect(sentBytes).toBeLessThanOrEqual(keepsUploads ? SIZE * 0.6 : SIZE);
    });
  });
}

function firstHalf(bytes: Buffer, held: Promise<undefined>): Readable {
  return Readable.from(
    (async function* () {
      yield bytes.subarray(0, SIZE / 2);
      await held;
      yield bytes.subarray(SIZE / 2);
    })(),
    { objectMode: false },
  );
}
