import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, type EngineOptions, password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type BuiltImage, toDescriptor, writeOciLayout } from '#test/support/oci-layout.ts';
import { skopeoPush, skopeoRawManifest, type SkopeoLogin } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';

const ALICE: SkopeoLogin = { username: 'alice', password: 'correct horse' };

const PLATFORMS = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64', variant: 'v8' },
] as const;

type Setting = {
  readonly name: string;
  readonly start: () => Promise<{ readonly registry: DockerRegistry; stop(): Promise<void> }>;
  readonly login?: SkopeoLogin;
  readonly engine: EngineOptions;
};

const settings: readonly Setting[] = [
  {
    name: 'without auth',
    start: async () => {
      const registry = await startDockerRegistry();
      return { registry, stop: () => registry[Symbol.asyncDispose]() };
    },
    engine: {},
  },
  {
    name: 'with htpasswd',
    start: async () => {
      const registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...ALICE } });
      return { registry, stop: () => registry[Symbol.asyncDispose]() };
    },
    login: ALICE,
    engine: { credential: password(ALICE.username, ALICE.password) },
  },
];

describe.skipIf(!hasTools('docker-registry', 'skopeo', 'htpasswd')).each(settings)(
  'docker-registry $name',
  (setting) => {
    const folder = mkdtempSync(join(tmpdir(), 'gantry-layout-'));
    let running: Awaited<ReturnType<Setting['start']>>;
    let engine: Engine;
    let image: BuiltImage;

    beforeAll(async () => {
      running = await setting.start();
      image = writeOciLayout(folder, 'v1', { platforms: PLATFORMS });
      const { host } = running.registry;
      for (const target of ['acme/web:v1', 'acme/web:v2', 'acme/api:v1', 'tools:latest']) {
        await skopeoPush(folder, 'v1', `${host}/${target}`, setting.login);
      }
      engine = startEngine(host, { ...setting.engine, pageSize: 2 });
    });

    afterAll(async () => {
      await engine[Symbol.asyncDispose]();
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('answers a ping', async () => {
      await expect(engine.client.ping()).resolves.toBeUndefined();
    });

    it('lists the catalog page by page', async () => {
      const first = await engine.client.listRepositories({});
      expect(first.names).toEqual(['acme/api', 'acme/web']);
      const second = await engine.client.listRepositories({ cursor: first.nextCursor ?? '' });
      expect(second).toEqual({ names: ['tools'], droppedCount: 0 });
    });

    it('lists tags', async () => {
      const page = await engine.client.listTags({ repository: 'acme/web' });
      expect([...page.names].sort()).toEqual(['v1', 'v2']);
    });

    it('reads an index by tag byte for byte as skopeo does', async () => {
      const manifest = await engine.client.getManifest({ repository: 'acme/web', reference: 'v1' });
      const raw = await skopeoRawManifest(`${running.registry.host}/acme/web:v1`, setting.login);
      expect(Buffer.from(manifest.bytes).toString()).toBe(raw);
      expect(manifest).toMatchObject({ digest: image.index.digest, mediaType: image.index.mediaType, warnings: [] });
    });

    it('reads each child by digest', async () => {
      for (const child of image.manifests) {
        const manifest = await engine.client.getManifest({ repository: 'acme/web', reference: child.digest });
        expect(Buffer.from(manifest.bytes)).toEqual(image.contents.get(child.digest));
      }
    });

    it('learns digest, media type and size from HEAD', async () => {
      const head = await engine.client.headManifest({ repository: 'acme/web', reference: 'v1' });
      expect(head).toEqual({
        digest: image.index.digest,
        mediaType: image.index.mediaType,
        sizeBytes: image.index.size,
      });
    });

    it('reads a config and streams a layer, verified', async () => {
      const [config, layer] = [image.configs[0]!, image.layers[1]!];
      const bytes = await engine.client.getBlob({ repository: 'acme/web', descriptor: toDescriptor(config) });
      expect(Buffer.from(bytes)).toEqual(image.contents.get(config.digest));
      const stream = await engine.client.openBlob({ repository: 'acme/web', descriptor: toDescriptor(layer) });
      expect(await buffer(stream)).toEqual(image.contents.get(layer.digest));
    });

    it('says what is missing: repository, manifest or blob', async () => {
      const { client } = engine;
      const tags = await registryErrorOf(client.listTags({ repository: 'acme/nothing' }));
      expect(tags.failure).toMatchObject({ kind: 'not-found', what: 'repository' });
      const manifest = await registryErrorOf(client.getManifest({ repository: 'acme/web', reference: 'v9' }));
      expect(manifest.failure).toMatchObject({ kind: 'not-found', what: 'manifest' });
      const absent = { ...toDescriptor(image.layers[0]!), digest: toDescriptor(image.index).digest };
      const blob = await registryErrorOf(client.openBlob({ repository: 'tools', descriptor: absent }));
      expect(blob.failure).toMatchObject({ kind: 'not-found', what: 'blob' });
    });

    it('lets nobody in with a wrong password, and does not repeat it', async () => {
      if (setting.login === undefined) return;
      const wrong = startEngine(running.registry.host, { credential: password('alice', 'battery staple') });
      const error = await registryErrorOf(wrong.client.listRepositories({}));
      expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
      expect(JSON.stringify([error.failure, error.trace, error.message, wrong.log])).not.toContain('staple');
      await wrong[Symbol.asyncDispose]();
    });
  },
);
