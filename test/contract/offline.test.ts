import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { type FakeRegistry, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { buildImage } from '#test/support/oci-builder.ts';
import { type ApiClient, connectInMemory } from '#test/support/transports.ts';

const image = buildImage();
const repository = 'acme/web';
const SECRET = 'correct-horse-battery';

const reply = (path: string): Reply | undefined => {
  if (path.includes('/tags/list')) return json({ name: repository, tags: ['v1'] });
  if (path.startsWith('/v2/_catalog')) return json({ repositories: [repository] });
  if (path.endsWith(`/blobs/${image.config.descriptor.digest}`)) return { body: Buffer.from(image.config.bytes) };
  if (!path.includes('/manifests/v1') && !path.endsWith(image.descriptor.digest)) return undefined;
  const headers = { 'content-type': image.descriptor.mediaType, 'docker-content-digest': image.descriptor.digest };
  return { headers, body: Buffer.from(image.bytes) };
};

describe('a registry that was seen and is gone', () => {
  let dataDir: string;
  const credentials = createMemoryStore('test');
  const closing: (() => Promise<void>)[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gantry-offline-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<{ client: ApiClient; stop: () => Promise<void> }> => {
    const backend = await startTestBackend({ dataDir, credentials, samples: false });
    closing.push(backend.close);
    return { client: (await connectInMemory(backend.router)).client, stop: backend.close };
  };
  /** Opens everything once, signed in, and stops the registry. */
  const see = async (): Promise<{ client: ApiClient; id: string; stop: () => Promise<void> }> => {
    await using registry: FakeRegistry = await startFakeRegistry((request) =>
      request.headers['authorization'] === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : reply(request.path),
    );
    const { client, stop } = await start();
    const auth = { kind: 'password', username: 'alice', secret: SECRET } as const;
    const { id } = await client.registries.add({ host: registry.host, plainHttp: true, auth });
    await client.repositories.list({ registryId: id });
    await client.tags.list({ registryId: id, repository });
    await client.images.get({ registryId: id, repository, reference: 'v1' });
    return { client, id, stop };
  };
  const offline = { seenAt: expect.any(String) as string, reason: 'refused' };
  const attempts = (client: ApiClient, registryId: string): readonly (() => Promise<unknown>)[] => [
    () => client.repositories.list({ registryId }),
    () => client.tags.list({ registryId, repository }),
    () => client.images.get({ registryId, repository, reference: image.descriptor.digest }),
  ];

  it('opens from what was kept, after a restart too', async () => {
    const seen = await see();
    await seen.stop();
    const { client } = await start();
    const registryId = seen.id;
    expect(await client.repositories.list({ registryId })).toMatchObject({ repositories: [repository], offline });
    expect(await client.tags.list({ registryId, repository })).toMatchObject({ tags: ['v1'], offline });
    const at = { registryId, repository, reference: 'v1' };
    expect(await client.images.get(at)).toMatchObject({ kind: 'image', digest: image.descriptor.digest, offline });
    expect(await client.manifests.raw(at)).toMatchObject({ digest: image.descriptor.digest, offline });
    expect(await client.tags.summary({ registryId, repository, tag: 'v1' })).toMatchObject({ offline });
  });

  it('is forgotten when the person signs out', async () => {
    const { client, id } = await see();
    await client.accounts.signOut({ id });
    for (const attempt of attempts(client, id)) expect(await appErrorOf(attempt())).toMatchObject({ kind: 'network' });
  });

  it('is forgotten when the person signs in anew', async () => {
    const { client, id } = await see();
    const { host } = (await client.registries.list()).find((each) => each.id === id)!;
    const auth = { kind: 'password', username: 'alice', secret: 'of another alice' } as const;
    await client.registries.update({ id, host, plainHttp: true, auth });
    for (const attempt of attempts(client, id)) expect(await appErrorOf(attempt())).toMatchObject({ kind: 'network' });
  });

  it('is kept when only its name changes', async () => {
    const { client, id } = await see();
    const { host } = (await client.registries.list()).find((each) => each.id === id)!;
    await client.registries.update({ id, host, plainHttp: true, label: 'Work', auth: { kind: 'unchanged' } });
    expect(await client.tags.list({ registryId: id, repository })).toMatchObject({ offline });
  });

  it('is kept when a change of its sign-in is refused', async () => {
    const { client, id } = await see();
    const auth = { kind: 'password', username: 'al:ice', secret: SECRET } as const;
    const { host } = (await client.registries.list()).find((each) => each.id === id)!;
    const refused = await appErrorOf(client.registries.update({ id, host, plainHttp: true, auth }));
    expect(refused.kind).toBe('invalid-input');
    expect(await client.tags.list({ registryId: id, repository })).toMatchObject({ offline });
  });

  it('leaves nothing on disk when it is removed, nor ever a secret', async () => {
    const { client, id, stop } = await see();
    const onDisk = () => ['', '-wal'].map((end) => readIfThere(join(dataDir, `cache.db${end}`))).join('');
    expect(onDisk()).toContain(repository);
    expect(onDisk()).not.toContain(SECRET);
    await client.registries.remove({ id });
    await stop();
    expect(onDisk()).not.toContain(id);
  });

  it('shows no one what another person of the docker config has seen', async () => {
    const login = (user: string) => {
      mkdirSync(join(dataDir, '.docker'), { recursive: true });
      const auth = Buffer.from(`${user}:${SECRET}`).toString('base64');
      writeFileSync(join(dataDir, '.docker/config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    };
    const userOf = (header: string | string[] | undefined): string =>
      Buffer.from(String(header).replace('Basic ', ''), 'base64').toString().split(':')[0] ?? '';
    let host = '';
    let id: string;
    const { client } = await start();
    const digest = image.descriptor.digest;
    const open = () => client.images.get({ registryId: id, repository, reference: digest });
    {
      await using registry: FakeRegistry = await startFakeRegistry((request) => {
        const user = userOf(request.headers['authorization']);
        if (request.headers['authorization'] === undefined)
          return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
        return user === 'alice' ? reply(request.path) : { status: 404 };
      });
      ({ host } = registry);
      login('alice');
      ({ id } = await client.registries.add({ host, plainHttp: true, auth: { kind: 'config' } }));
      await client.tags.list({ registryId: id, repository });
      expect(await open()).toMatchObject({ digest });
      const before = registry.requests.length;
      expect(await open()).toMatchObject({ digest });
      expect(registry.requests.length).toBe(before);
      login('mallory');
      expect(await appErrorOf(open())).toMatchObject({ kind: 'not-found' });
      const signed = registry.requests.slice(before).flatMap(({ headers }) => headers['authorization'] ?? []);
      expect(new Set(signed.map(userOf))).toEqual(new Set(['mallory']));
    }
    expect(await appErrorOf(open())).toMatchObject({ kind: 'network' });
    expect(await appErrorOf(client.tags.list({ registryId: id, repository }))).toMatchObject({ kind: 'network' });
    login('alice');
    expect(await open()).toMatchObject({ digest });
    expect(await client.tags.list({ registryId: id, repository })).toMatchObject({ tags: ['v1'], offline });
  });

  it('is not kept at all with a limit of 0', async () => {
    const { client, id } = await see();
    await client.settings.set({ cacheLimitMib: 0 });
    expect(await appErrorOf(client.tags.list({ registryId: id, repository }))).toMatchObject({ kind: 'network' });
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
