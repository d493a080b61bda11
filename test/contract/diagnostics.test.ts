import { afterEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '#shared/api/diagnostics.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import { startTestBackend, type TestBackend } from '#test/support/backend.ts';
import { type FakeRegistry, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { connectInMemory } from '#test/support/transports.ts';

const PASSWORD = 'canary-p4ssw0rd';
const TOKEN = 'canary-t0ken-value';
const SPELLINGS = [PASSWORD, TOKEN, Buffer.from(`alice:${PASSWORD}`).toString('base64'), 'canary'];

let backend: TestBackend;
afterEach(() => backend.close());

async function start() {
  backend = await startTestBackend({ samples: false });
  const { client } = await connectInMemory(backend.router);
  return client;
}

/** What is in the log now. */
async function logged(client: Awaited<ReturnType<typeof start>>, registryHost?: string): Promise<readonly LogEntry[]> {
  const input = registryHost === undefined ? {} : { registryHost };
  for await (const { entries } of await client.diagnostics.watch(input)) return entries;
  return [];
}

/** Wants a token, and repeats every secret it is sent wherever it can. */
function chattyRegistry(): Promise<FakeRegistry> {
  return startFakeRegistry(({ path, headers }): Reply => {
    const seen = headers['authorization'] ?? 'nobody';
    const echo = { warning: `299 - "${seen} ${PASSWORD}"`, 'x-debug': seen, etag: seen, 'set-cookie': TOKEN };
    if (path.startsWith('/token')) return json({ token: TOKEN, hint: PASSWORD }, echo);
    if (seen !== `Bearer ${TOKEN}`) {
      const challenge = `Bearer realm="/token",service="s",hint="${seen}"`;
      return { status: 401, headers: { ...echo, 'www-authenticate': challenge } };
    }
    if (path.includes('/manifests/')) {
      const errors = [{ code: 'DENIED', message: `${seen} and ${PASSWORD}`, detail: { seen } }];
      return json({ errors }, { ...echo, location: `/x?token=${TOKEN}` }, 403);
    }
    const link = `</v2/acme/web/tags/list?last=v1&session=${TOKEN}>; rel="next"`;
    const quota = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '42;w=21600' };
    return json({ tags: ['v1'] }, { ...echo, ...quota, link });
  });
}

describe('the request log over the api', () => {
  it('holds every request and decision, and no secret; neither does any error or the log file (V18, FI32)', async () => {
    const client = await start();
    await using registry = await chattyRegistry();
    const { id } = await client.registries.add({
      host: registry.host,
      plainHttp: true,
      auth: { kind: 'password', username: 'alice', secret: PASSWORD },
    });
    const at = { registryId: id, repository: 'acme/web' };
    await client.tags.list(at);
    const refused = await appErrorOf(client.manifests.raw({ ...at, reference: 'v1' }));
    const entries = await logged(client);
    const shown = entries.flatMap((entry) =>
      entry.kind === 'request' ? [`${entry.hop} ${entry.exchange.method} ${entry.exchange.status}`] : [],
    );
    expect(shown).toEqual(
      expect.arrayContaining(['registry GET 401', 'token GET 200', 'registry GET 200', 'registry GET 403']),
    );
    expect(registry.received).toContain(TOKEN);
    const text = JSON.stringify([entries, refused, backend.logger.lines]);
    for (const spelling of SPELLINGS) expect(text).not.toContain(spelling);
  });

  it('tells of one registry alone when asked, and forgets when told', async () => {
    const client = await start();
    await using one = await chattyRegistry();
    await using two = await startFakeRegistry(() => json({ repositories: [] }));
    for (const { host } of [one, two]) {
      const { id } = await client.registries.add({ host, plainHttp: true, auth: { kind: 'anonymous' } });
      await client.repositories.list({ registryId: id }).catch(() => undefined);
    }
    const hosts = (await logged(client, two.host)).map((entry) => entry.registryHost);
    expect(new Set(hosts)).toEqual(new Set([two.host]));
    expect((await client.diagnostics.clear()).cleared).toBeGreaterThan(hosts.length);
    expect(await logged(client)).toEqual([]);
  });

  it('tells what comes while it is watched, and ends with the backend', async () => {
    const client = await start();
    const watch = await client.diagnostics.watch({});
    expect((await watch.next()).value).toEqual({ entries: [] });
    const next = watch.next();
    await client.repositories.list({ registryId: 'local' });
    expect((await next).value).toMatchObject({ entries: [{ kind: 'request', hop: 'registry' }] });
    await backend.close();
    for await (const { entries } of watch) expect(entries).toBeInstanceOf(Array);
  });
});

describe('the health of a registry over the api', () => {
  it('is told with its quota, and that it changed', async () => {
    const client = await start();
    await using registry = await chattyRegistry();
    const { id } = await client.registries.add({
      host: registry.host,
      plainHttp: true,
      auth: { kind: 'password', username: 'alice', secret: PASSWORD },
    });
    expect(await client.health.get({ id })).toEqual({ registryId: id, state: 'unknown' });
    const changes = await client.changes.watch();
    await changes.next();
    await client.tags.list({ registryId: id, repository: 'acme/web' });
    expect((await changes.next()).value).toEqual({ area: 'health', registryId: id });
    await changes.return(undefined);
    expect(await client.health.get({ id })).toMatchObject({
      state: 'online',
      rateLimit: { limit: 100, remaining: 42, windowSeconds: 21_600 },
    });
  });

  it('is offline with the reason when nobody is there', async () => {
    const client = await start();
    const gone = await startFakeRegistry(() => json({}));
    const { id } = await client.registries.add({ host: gone.host, plainHttp: true, auth: { kind: 'anonymous' } });
    await gone[Symbol.asyncDispose]();
    await client.tags.list({ registryId: id, repository: 'acme/web' }).catch(() => undefined);
    expect(await client.health.get({ id })).toMatchObject({ state: 'offline', reason: 'refused' });
  });

  it('is not found for a registry that is not in the list', async () => {
    const client = await start();
    await expect(client.health.get({ id: 'nobody' })).rejects.toMatchObject({ data: { kind: 'not-found' } });
  });
});
