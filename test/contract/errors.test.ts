import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend, type TestBackend } from '#test/support/backend.ts';
import { type SilentServer, startSilentServer } from '#test/support/silent-server.ts';
import { type ApiClient, type Connected, TRANSPORTS } from '#test/support/transports.ts';

const SECRET = 'canary-5ecret-value';
const local = { registryId: 'local' } as const;

describe.each(TRANSPORTS)('over %s', (_name, connect) => {
  let backend: TestBackend;
  let connected: Connected;
  let client: ApiClient;
  let silent: SilentServer;

  beforeAll(async () => {
    silent = await startSilentServer();
    backend = await startTestBackend({ validateOutputs: false, samples: false });
    connected = await connect(backend.router);
    client = connected.client;
  });

  afterAll(async () => {
    await connected.close();
    await silent.close();
    await backend.close();
  });

  describe('typed errors', () => {
    it('names the field of input that its schema refuses', async () => {
      const error = await appErrorOf(client.tags.list({ ...local, repository: 'NOT/A/NAME' }));
      expect(error).toEqual({
        kind: 'invalid-input',
        issues: [{ path: 'repository', message: expect.stringContaining('repository') }],
      });
    });

    it.each([
      ['a number', 3],
      ['nothing', undefined],
      ['a list', []],
      ['an object without its fields', {}],
    ])('refuses %s in the place of the input', async (_input, input) => {
      const error = await appErrorOf(client.tags.list(input as never));
      expect(error).toMatchObject({ kind: 'invalid-input' });
    });

    it('names every field of a nested input, and repeats no value', async () => {
      const auth = { kind: 'password', username: '', secret: SECRET.repeat(5000) } as const;
      const error = await appErrorOf(client.registries.add({ host: '', auth }));
      expect(error.kind === 'invalid-input' && error.issues.map((issue) => issue.path)).toEqual([
        'host',
        'auth.username',
        'auth.secret',
      ]);
      expect(JSON.stringify(error)).not.toContain(SECRET);
    });

    it('refuses input that its schema takes and no host can have', async () => {
      const error = await appErrorOf(client.registries.add({ host: 'a b', auth: { kind: 'anonymous' } }));
      expect(error).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'host' }] });
    });

    it('says not-found for a registry that is gone', async () => {
      const gone = { kind: 'not-found', what: 'registry', codes: [] };
      expect(await appErrorOf(client.tags.list({ registryId: 'gone', repository: 'a' }))).toEqual(gone);
      expect(await appErrorOf(client.repositories.pin({ registryId: 'gone', repository: 'a' }))).toEqual(gone);
    });

    it('passes on what a registry says, with the request that failed', async () => {
      const error = await appErrorOf(client.images.get({ ...local, repository: 'no/such', reference: 'latest' }));
      expect(error).toMatchObject({
        kind: 'not-found',
        codes: [{ code: expect.stringMatching(/_UNKNOWN$/) }],
        trace: { method: 'GET', status: 404, hop: 'registry', url: expect.stringContaining('/v2/no/such/manifests/') },
      });
    });

    it('refuses to remove the Local registry, or to add it again', async () => {
      expect(await appErrorOf(client.registries.remove({ id: 'local' }))).toMatchObject({ kind: 'conflict' });
      const [{ host } = { host: '' }] = await client.registries.list();
      const again = client.registries.add({ host, plainHttp: true, auth: { kind: 'anonymous' } });
      expect(await appErrorOf(again)).toMatchObject({ kind: 'conflict' });
    });

    it('says why a host cannot be reached', async () => {
      const { id } = await client.registries.add({
        host: 'registry.invalid',
        plainHttp: true,
        auth: { kind: 'anonymous' },
      });
      const error = await appErrorOf(client.repositories.list({ registryId: id }));
      expect(error).toMatchObject({ kind: 'network', reason: 'dns', host: 'registry.invalid' });
    });

    it('ends a stream with the typed error when its first step fails', async () => {
      const drain = async () => {
        const input = { registryId: 'gone', repository: 'a', tags: ['b'] };
        for await (const answer of await client.tags.resolve(input)) expect(answer).toBeUndefined();
      };
      expect(await appErrorOf(drain())).toEqual({ kind: 'not-found', what: 'registry', codes: [] });
    });
  });

  describe('aborting', () => {
    const hanging = async () =>
      client.registries.add({ host: silent.address, plainHttp: true, auth: { kind: 'anonymous' } });

    it('a call closes the socket to the registry', async () => {
      const { id } = await hanging();
      const stop = new AbortController();
      const call = client.repositories.list({ registryId: id }, { signal: stop.signal });
      const socket = await silent.nextRequest();
      stop.abort();
      await expect(call).rejects.toThrow(/abort|APP_ERROR/i);
      if (!socket.destroyed) await once(socket, 'close');
      await client.registries.remove({ id });
    });

    it('a stream closes the socket to the registry', async () => {
      const { id } = await hanging();
      const input = { registryId: id, repository: 'a', tags: ['b'] };
      const stop = new AbortController();
      const stream = await client.tags.resolve(input, { signal: stop.signal });
      const pending = stream.next();
      const socket = await silent.nextRequest();
      stop.abort();
      await expect(pending).rejects.toThrow(/abort|APP_ERROR/i);
      if (!socket.destroyed) await once(socket, 'close');
      await client.registries.remove({ id });
    });

    it('is not needed to leave a stream: returning early closes the socket to the registry', async () => {
      const { id } = await hanging();
      const stream = await client.tags.resolve({ registryId: id, repository: 'a', tags: ['b', 'c'] });
      const pending = stream.next();
      const socket = await silent.nextRequest();
      await stream.return?.();
      await pending.catch(() => undefined);
      if (!socket.destroyed) await once(socket, 'close');
      expect(socket.destroyed).toBe(true);
      await client.registries.remove({ id });
    });

    it('is not logged as an internal error', () => {
      expect(backend.logger.lines.filter((line) => line.event === 'api.internal-error')).toEqual([]);
    });
  });

  describe('changes.watch', () => {
    it('tells every watcher, and each no more once it has gone', async () => {
      const [first, second] = [await client.changes.watch(), await client.changes.watch()];
      expect([(await first.next()).value, (await second.next()).value]).toEqual([{ area: 'ready' }, { area: 'ready' }]);
      expect(backend.watcherCount()).toBe(2);
      await client.settings.set({ tagOrder: 'semver' });
      expect([(await first.next()).value, (await second.next()).value]).toEqual([
        { area: 'settings' },
        { area: 'settings' },
      ]);
      await first.return?.();
      await expect.poll(() => backend.watcherCount()).toBe(1);
      await client.repositories.pin({ ...local, repository: 'watched' });
      expect((await second.next()).value).toEqual({ area: 'pins' });
      await second.return?.();
      await expect.poll(() => backend.watcherCount()).toBe(0);
    });

    it('leaves no listener behind when aborted while it waits', async () => {
      const stop = new AbortController();
      const stream = await client.changes.watch(undefined, { signal: stop.signal });
      await stream.next();
      const pending = stream.next();
      stop.abort();
      await pending.catch(() => undefined);
      await expect.poll(() => backend.watcherCount()).toBe(0);
    });

    it('tells of registries added and removed, and of pins that went with them', async () => {
      const stream = await client.changes.watch();
      await stream.next();
      const { id } = await client.registries.add({ host: 'pinned.example', auth: { kind: 'anonymous' } });
      expect((await stream.next()).value).toEqual({ area: 'registries' });
      await client.repositories.pin({ registryId: id, repository: 'a' });
      expect((await stream.next()).value).toEqual({ area: 'pins' });
      await client.registries.remove({ id });
      expect([(await stream.next()).value, (await stream.next()).value]).toEqual([
        { area: 'registries' },
        { area: 'pins' },
      ]);
      expect(await client.repositories.pins()).not.toContainEqual({ registryId: id, repository: 'a' });
      await stream.return?.();
    });

    it('tells of an image pushed to the Local registry', async () => {
      const stream = await client.changes.watch();
      await stream.next();
      const [{ host } = { host: '' }] = await client.registries.list();
      await pushTinyImage(host, 'pushed/here');
      expect((await stream.next()).value).toEqual({ area: 'content', ...local, repository: 'pushed/here' });
      expect((await client.tags.list({ ...local, repository: 'pushed/here' })).tags).toEqual(['tiny']);
      await stream.return?.();
    });
  });

  describe('a secret', () => {
    it('appears in no answer, error, log line or file', async () => {
      const auth = { kind: 'password', username: 'alice', secret: SECRET } as const;
      const added = await client.registries.add({ host: silent.address, plainHttp: true, auth });
      const seen: unknown[] = [
        added,
        await client.registries.list(),
        await client.host.info(),
        await appErrorOf(client.registries.add({ host: silent.address, plainHttp: true, auth })),
        await appErrorOf(client.registries.add({ host: `u:${SECRET}@x.example`, auth })),
        await appErrorOf(
          client.registries.update({ id: added.id, host: 'other.example', auth: { kind: 'unchanged' } }),
        ),
        await client.registries.update({ id: added.id, host: silent.address, label: 'x', auth: { kind: 'unchanged' } }),
      ];
      expect(seen.map((each) => JSON.stringify(each)).join('\n')).not.toContain(SECRET);
      expect(backend.logger.text()).not.toContain(SECRET);
      const files = readdirSync(backend.dataDir).filter((name) => name.startsWith('gantry.db'));
      expect(files.filter((name) => readFileSync(join(backend.dataDir, name)).includes(SECRET))).toEqual([]);
      expect(await client.registries.remove({ id: added.id })).toEqual({ removed: true });
    });
  });
});

/** The smallest artifact there is, pushed as any other client would. */
async function pushTinyImage(host: string, repository: string): Promise<void> {
  const base = `http://${host}/v2/${repository}`;
  const empty = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
  const upload = await fetch(`${base}/blobs/uploads/?digest=${empty}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(upload.status).toBe(201);
  const descriptor = { mediaType: 'application/vnd.oci.empty.v1+json', digest: empty, size: 2 };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = { schemaVersion: 2, mediaType, artifactType: 'text/x', config: descriptor, layers: [descriptor] };
  const put = await fetch(`${base}/manifests/tiny`, {
    method: 'PUT',
    body: JSON.stringify(manifest),
    headers: { 'content-type': mediaType },
  });
  expect(put.status).toBe(201);
}
