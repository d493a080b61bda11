import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegistryCredential } from '#main/core/registry/registry-client.ts';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { type RunningRegistry, startDistribution, startZot } from '#test/support/distribution.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, type EngineOptions, password, startEngine } from '#test/support/engine.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { buildImage, buildIndex, buildLayer, type BuiltImage } from '#test/support/oci-builder.ts';
import { skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';

type Setting = {
  readonly name: string;
  readonly start: (() => Promise<RunningRegistry>) | undefined;
  readonly credential?: RegistryCredential & { readonly kind: 'password' };
};

const LOGIN = { username: 'alice', password: 'wonderland' };
const started = (program: string | undefined, start: (path: string) => Promise<RunningRegistry>) =>
  program === undefined ? undefined : () => start(program);
const startLocal = async (): Promise<RunningRegistry> => {
  const local = await startTestRegistry();
  return { host: local.address, [Symbol.asyncDispose]: () => local.stop() };
};

const settings: readonly Setting[] = [
  { name: 'the Local registry', start: startLocal },
  { name: 'docker-registry 2.8', start: hasTools('docker-registry') ? () => startDockerRegistry() : undefined },
  {
    name: 'docker-registry 2.8 with htpasswd',
    start: hasTools('docker-registry', 'htpasswd')
      ? () => startDockerRegistry({ auth: { kind: 'htpasswd', ...LOGIN } })
      : undefined,
    credential: { kind: 'password', username: LOGIN.username, secret: LOGIN.password },
  },
  { name: 'distribution 3', start: started(findGoTool('registry'), startDistribution) },
  { name: 'zot', start: started(findGoTool('zot'), startZot) },
];

const repository = 'acme/pushed';
const image = buildImage({
  layers: [buildLayer('small'), buildLayer(patternBytes(5_000_000).toString('latin1'))],
  descriptor: { platform: { os: 'linux', architecture: 'amd64' } },
});
const index = buildIndex([image]);

const sourceOf = (built: { readonly bytes: Uint8Array }) => blobSource(Buffer.from(built.bytes));

async function pushImage({ client }: Engine, built: BuiltImage, reference: string): Promise<void> {
  for (const blob of [built.config, ...built.layers]) {
    expect(await client.pushBlob({ repository, ...sourceOf(blob) })).toBe('sent');
  }
  const { bytes, descriptor } = built;
  const pushed = await client.pushManifest({ repository, reference, bytes, mediaType: descriptor.mediaType });
  expect(pushed.digest).toBe(descriptor.digest);
}

for (const setting of settings) {
  const { start, credential } = setting;
  describe.skipIf(start === undefined).each([setting])('pushing to $name', () => {
    let running: RunningRegistry;
    let engine: Engine;
    const login = credential === undefined ? undefined : LOGIN;
    const engineOf = (options: EngineOptions = {}) =>
      startEngine(running.host, {
        ...options,
        ...(credential === undefined ? {} : { credential: password(LOGIN.username, LOGIN.password) }),
      });

    beforeAll(async () => {
      running = await start!();
      engine = engineOf();
    });
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      await running?.[Symbol.asyncDispose]();
    });

    it('brings an image that another client reads byte for byte', async () => {
      await pushImage(engine, image, image.descriptor.digest);
      const { bytes, descriptor } = index;
      await engine.client.pushManifest({ repository, reference: 'v1', bytes, mediaType: descriptor.mediaType });
      const raw = await skopeoRawManifest(`${running.host}/${repository}:v1`, login);
      expect(raw).toBe(Buffer.from(bytes).toString());
      for (const layer of image.layers) {
        const read = await engine.client.getBlob({
          repository,
          limitBytes: 8_000_000,
          descriptor: {
            ...layer.descriptor,
            digest: sourceOf(layer).descriptor.digest,
            sizeBytes: layer.bytes.length,
            annotations: [],
            urls: [],
          },
        });
        expect(Buffer.from(read).equals(layer.bytes)).toBe(true);
      }
    });

    it('takes an empty blob and one of a single byte', async () => {
      for (const size of [0, 1]) {
        const source = blobSource(Buffer.alloc(size, 7));
        await engine.client.pushBlob({ repository, ...source });
        expect(await engine.client.headBlob({ repository, digest: source.descriptor.digest })).toEqual({
          sizeBytes: size,
        });
      }
    });

    it('mounts what another of its repositories has', async () => {
      const source = blobSource(patternBytes(100_000, 3));
      await engine.client.pushBlob({ repository, ...source });
      const again = blobSource(source.bytes);
      expect(await engine.client.pushBlob({ repository: 'acme/other', ...again, mountFrom: [repository] })).toBe(
        'mounted',
      );
      expect(again.opened).toEqual([]);
      expect(await engine.client.headBlob({ repository: 'acme/other', digest: source.descriptor.digest })).toEqual({
        sizeBytes: 100_000,
      });
    });

    it('sends what no repository that is named has', async () => {
      const source = blobSource(patternBytes(1000, 4));
      const outcome = await engine.client.pushBlob({ repository, ...source, mountFrom: ['acme/nothing', 'acme/void'] });
      expect(outcome).toBe('sent');
    });

    it('takes a blob in chunks', async () => {
      await using chunked = engineOf({ connection: { uploadChunkBytes: 300_000 } });
      const source = blobSource(patternBytes(1_000_001, 5));
      await chunked.client.pushBlob({ repository, ...source });
      expect(await chunked.client.headBlob({ repository, digest: source.descriptor.digest })).toEqual({
        sizeBytes: 1_000_001,
      });
    });
  });
}
