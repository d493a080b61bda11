import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '#test/support/certificates.ts';
import { type DockerRegistryOptions, startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { startTestRegistry } from '#test/support/local-registry.ts';
import { type BuiltImage, toDescriptor, writeOciLayout } from '#test/support/oci-layout.ts';
import { skopeoPush, skopeoRawManifest, type SkopeoLogin } from '#test/support/skopeo.ts';
import { startTokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';

const ALICE: SkopeoLogin = { username: 'alice', password: 'correct horse' };

const PLATFORMS = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64', variant: 'v8' },
] as const;

type Running = {
  readonly host: string;
  readonly trustedTokenHosts?: readonly string[];
  stop(): Promise<void>;
};
type Setting = { readonly name: string; readonly start: () => Promise<Running>; readonly login?: SkopeoLogin };

const plain = async (options: DockerRegistryOptions): Promise<Running> => {
  const registry = await startDockerRegistry(options);
  return { host: registry.host, stop: () => registry[Symbol.asyncDispose]() };
};

/**
 * Names, not addresses: a realm that is a literal loopback address on another port would be refused, and one that is
 * called so gets no credential but where the person said so.
 */
const withTokens = async (): Promise<Running> => {
  const certificate = await selfSigned();
  const names = { service: 'gantry test', issuer: 'gantry test issuer' };
  const issuer = await startTokenIssuer({
    ...names,
    certificate,
    users: { [ALICE.username]: ALICE.password },
    allow: (user) => (user === undefined ? [] : ['pull', 'push', '*']),
  });
  const realm = `http://localhost:${issuer.port}/token`;
  const registry = await startDockerRegistry({
    auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
  });
  const stop = async () => {
    await registry[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  };
  return { host: `localhost:${registry.port}`, trustedTokenHosts: [`localhost:${issuer.port}`], stop };
};

const local = async (): Promise<Running> => {
  const registry = await startTestRegistry();
  return { host: registry.address, stop: () => registry.stop() };
};

const settings: readonly Setting[] = [
  { name: 'the Local registry', start: local },
  { name: 'docker-registry without auth', start: () => plain({}) },
  { name: 'docker-registry with htpasswd', start: () => plain({ auth: { kind: 'htpasswd', ...ALICE } }), login: ALICE },
  { name: 'docker-registry with token auth', start: withTokens, login: ALICE },
];

const hasAll = hasTools('docker-registry', 'skopeo', 'htpasswd', 'openssl');
const engineFor = (
  { host, trustedTokenHosts = [] }: Pick<Running, 'host' | 'trustedTokenHosts'>,
  login: SkopeoLogin | undefined,
  pageSize = 1000,
): Engine =>
  startEngine(host, {
    pageSize,
    connection: { trustedTokenHosts },
    ...(login === undefined ? {} : { credential: password(login.username, login.password) }),
  });

describe.skipIf(!hasAll).each(settings)('$name', (setting) => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-layout-'));
  let running: Running;
  let engine: Engine;
  let image: BuiltImage;

  beforeAll(async () => {
    running = await setting.start();
    image = writeOciLayout(folder, 'v1', { platforms: PLATFORMS });
    const { host } = running;
    for (const target of ['acme/web:v1', 'acme/web:v2', 'acme/api:v1', 'tools:latest']) {
      await skopeoPush(folder, 'v1', `${host}/${target}`, setting.login);
    }
    engine = engineFor(running, setting.login, 2);
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
    const raw = await skopeoRawManifest(`${running.host}/acme/web:v1`, setting.login);
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
});

describe.skipIf(!hasAll).each(settings.filter((each) => each.login !== undefined))('$name', (setting) => {
  let running: Running;
  beforeAll(async () => {
    running = await setting.start();
  });
  afterAll(() => running.stop());

  it('lets nobody in with a wrong password, and does not repeat it', async () => {
    await using engine = engineFor(running, { username: 'alice', password: 'battery staple' });
    const error = await registryErrorOf(engine.client.listRepositories({}));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
    expect(JSON.stringify([error.failure, error.trace, error.message, engine.log])).not.toContain('staple');
  });

  it('tells a missing credential from a refused one', async () => {
    await using engine = engineFor(running, undefined);
    const error = await registryErrorOf(engine.client.listTags({ repository: 'acme/web' }));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: false });
  });
});

describe.skipIf(!hasAll)('docker-registry with token auth', () => {
  it('has no catalog for somebody who may only pull', async () => {
    const certificate = await selfSigned();
    const names = { service: 'gantry test', issuer: 'gantry test issuer' };
    await using issuer = await startTokenIssuer({
      ...names,
      certificate,
      users: {},
      allow: (_user, type) => (type === 'repository' ? ['pull'] : []),
    });
    const realm = `http://localhost:${issuer.port}/token`;
    await using registry = await startDockerRegistry({
      auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
    });
    await using engine = engineFor({ host: `localhost:${registry.port}` }, undefined);
    const error = await registryErrorOf(engine.client.listRepositories({}));
    expect(error.failure).toMatchObject({ kind: 'unsupported', feature: 'catalog' });
  });

  it('asks for one token a repository, not one a request', async () => {
    const certificate = await selfSigned();
    const names = { service: 'gantry test', issuer: 'gantry test issuer' };
    await using issuer = await startTokenIssuer({ ...names, certificate, users: {}, allow: () => ['pull'] });
    const realm = `http://localhost:${issuer.port}/token`;
    await using registry = await startDockerRegistry({
      auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
    });
    await using engine = engineFor({ host: `localhost:${registry.port}` }, undefined);
    const asked = Array.from({ length: 20 }, (_, index) =>
      registryErrorOf(engine.client.headManifest({ repository: 'acme/web', reference: `v${index}` })),
    );
    expect((await Promise.all(asked)).map((error) => error.kind)).toEqual(asked.map(() => 'not-found'));
    expect(issuer.lines).toEqual(['GET /token?service=gantry+test&scope=repository%3Aacme%2Fweb%3Apull']);
  });
});
