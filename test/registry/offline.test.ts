import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { withKeptAnswers } from '#main/core/image/kept/with-kept-answers.ts';
import { summariseTag } from '#main/core/image/summarise-tag.ts';
import { createHealthBook } from '#main/core/registry/registry-health.ts';
import type { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import type { TransportEvent } from '#main/core/registry/transport/transport-event.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type EngineOptions, password, registryErrorOf, startEngine, systemClock } from '#test/support/engine.ts';
import { type Handler, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import {
  hostPlatform,
  image,
  openImage,
  other,
  registryOf,
  remember,
  repository,
} from '#test/support/kept-registry.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';
import { type Built, buildIndex } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { freePort } from '#test/support/free-port.ts';
import { hasTools } from '#test/support/tools.ts';

const OFFLINE = { seenAt: expect.stringMatching(/^\d{4}-.*Z$/) as string, reason: 'refused' };

describe('what was seen', () => {
  it('costs one HEAD and no GET to open again, after a restart too', async () => {
    await using registry = await startFakeRegistry(registryOf({ tag: image }));
    await using engine = startEngine(registry.host);
    const shelf = memoryShelf();
    const first = await openImage(remember(engine, shelf));
    expect(registry.lines).toEqual([
      'GET /v2/acme/web/manifests/v1',
      `GET /v2/acme/web/blobs/${image.config.descriptor.digest}`,
    ]);
    expect(await openImage(remember(engine, shelf))).toEqual(first);
    expect(registry.lines.slice(2)).toEqual(['HEAD /v2/acme/web/manifests/v1']);
  });

  it('is fetched anew when its tag has moved, and found again when it moves back', async () => {
    const state: { tag: Built } = { tag: image };
    await using registry = await startFakeRegistry(registryOf(state));
    await using engine = startEngine(registry.host);
    const client = remember(engine);
    await openImage(client);
    state.tag = other;
    expect((await openImage(client)).digest).toBe(other.descriptor.digest);
    state.tag = image;
    const before = registry.requests.length;
    expect((await openImage(client)).digest).toBe(image.descriptor.digest);
    expect(registry.lines.slice(before)).toEqual(['HEAD /v2/acme/web/manifests/v1']);
  });

  it('is fetched anew when the copy is not what its digest says (K03)', async () => {
    await using registry = await startFakeRegistry(registryOf({ tag: image }));
    await using engine = startEngine(registry.host);
    const shelf = memoryShelf();
    await openImage(remember(engine, shelf));
    for (const [key, entry] of shelf.entries) {
      if (/^(?:manifest|blob) /.test(key)) shelf.entries.set(key, { ...entry, value: entry.value.with(3, 0) });
    }
    const before = registry.requests.length;
    expect((await openImage(remember(engine, shelf))).digest).toBe(image.descriptor.digest);
    expect(registry.lines.slice(before)).toEqual([
      'GET /v2/acme/web/manifests/v1',
      `GET /v2/acme/web/blobs/${image.config.descriptor.digest}`,
    ]);
  });

  it('is read by GET where HEAD tells no digest', async () => {
    await using registry = await startFakeRegistry((request, index) => {
      const reply = registryOf({ tag: image })(request, index);
      return reply !== undefined && 'headers' in reply
        ? { ...reply, headers: { ...reply.headers, 'docker-content-digest': '' } }
        : reply;
    });
    await using engine = startEngine(registry.host);
    const client = remember(engine);
    await openImage(client);
    await openImage(client);
    expect(registry.lines.filter((line) => line.includes('/manifests/'))).toEqual([
      'GET /v2/acme/web/manifests/v1',
      'HEAD /v2/acme/web/manifests/v1',
      'GET /v2/acme/web/manifests/v1',
    ]);
  });
});

describe('a registry that cannot be reached', () => {
  it('is shown as it was last seen, and says so', async () => {
    const shelf = memoryShelf();
    let port: number;
    {
      await using registry = await startFakeRegistry(registryOf({ tag: image }));
      ({ port } = registry);
      await using engine = startEngine(registry.host);
      const client = remember(engine, shelf);
      await openImage(client);
      await client.listTags({ repository });
      await client.listRepositories({});
      await client.listReferrers({ repository, digest: image.descriptor.digest as Digest });
      await summariseTag({ client, repository, tag: 'v1', hostPlatform });
    }
    await using engine = startEngine(`127.0.0.1:${port}`);
    const client = remember(engine, shelf);
    expect(await openImage(client)).toMatchObject({ digest: image.descriptor.digest, offline: OFFLINE });
    expect(await client.listTags({ repository })).toEqual({ names: ['v1'], droppedCount: 0, offline: OFFLINE });
    expect(await client.listRepositories({})).toMatchObject({ names: [repository], offline: OFFLINE });
    const page = await client.listReferrers({ repository, digest: image.descriptor.digest as Digest });
    expect(page).toMatchObject({ referrers: [], source: 'api', offline: OFFLINE });
    expect(await summariseTag({ client, repository, tag: 'v1', hostPlatform })).toMatchObject({
      digest: image.descriptor.digest,
      sizeBytes: expect.any(Number) as number,
      offline: OFFLINE,
    });
    expect(await client.headManifest({ repository, reference: 'v1' })).toMatchObject({ offline: OFFLINE });
    // What a digest names is the same wherever it comes from.
    expect(await openImage(client, image.descriptor.digest)).not.toHaveProperty('offline');
    expect((await registryErrorOf(openImage(client, 'v2'))).failure).toMatchObject({
      kind: 'network',
      reason: 'refused',
    });
    expect((await registryErrorOf(client.listTags({ repository: 'acme/api' }))).kind).toBe('network');
  });

  it('still has a row for an index whose children were never opened', async () => {
    const index = buildIndex([image]);
    const shelf = memoryShelf();
    let port: number;
    {
      await using registry = await startFakeRegistry(registryOf({ tag: index }));
      ({ port } = registry);
      await using engine = startEngine(registry.host);
      await openImage(remember(engine, shelf));
    }
    await using engine = startEngine(`127.0.0.1:${port}`);
    const row = await summariseTag({ client: remember(engine, shelf), repository, tag: 'v1', hostPlatform });
    expect(row).toMatchObject({ digest: index.descriptor.digest, platforms: ['linux/amd64'], offline: OFFLINE });
    expect(row).not.toHaveProperty('sizeBytes');
  });

  it.each<readonly [string, Reply, string]>([
    ['401', { status: 401 }, 'unauthorized'],
    ['403', { status: 403 }, 'forbidden'],
    ['404', { status: 404 }, 'not-found'],
    ['500', { status: 500 }, 'registry'],
    ['another document', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'protocol'],
  ])('is not one that answers %s: no copy covers that up', async (_name, refuse, kind) => {
    const state: { tag: Built; refuse?: Reply | undefined } = { tag: image };
    await using registry = await startFakeRegistry(registryOf(state));
    await using engine = startEngine(registry.host);
    const client = remember(engine);
    await client.listTags({ repository });
    await openImage(client);
    state.refuse = refuse;
    expect((await registryErrorOf(client.listTags({ repository }))).kind).toBe(kind);
    expect((await registryErrorOf(openImage(client))).kind).toBe(kind);
  });

  it('is shown as it was, and called what it is, also when it is busy, or behind a quota or a proxy that finds nobody', async () => {
    const state: { tag: Built; refuse?: Reply | undefined } = { tag: image };
    await using registry = await startFakeRegistry(registryOf(state));
    await using engine = startEngine(registry.host);
    const client = remember(engine);
    await client.listTags({ repository });
    state.refuse = { status: 429, headers: { 'retry-after': '60' } };
    expect(await client.listTags({ repository })).toMatchObject({ names: ['v1'], offline: { reason: 'rate-limited' } });
    state.refuse = { status: 503 };
    expect(await client.listTags({ repository })).toMatchObject({ names: ['v1'], offline: { reason: 'busy' } });
    state.refuse = { status: 502 };
    expect(await client.listTags({ repository })).toMatchObject({ names: ['v1'], offline: { reason: 'unreachable' } });
    state.refuse = undefined;
    expect(await client.listTags({ repository })).not.toHaveProperty('offline');
  });

  it('keeps nothing more once it is closed', async () => {
    await using registry = await startFakeRegistry(registryOf({ tag: image }));
    await using engine = startEngine(registry.host);
    const shelf = memoryShelf();
    const client = remember(engine, shelf);
    await client.close();
    await client.listTags({ repository });
    expect([...shelf.entries]).toEqual([]);
  });
});

/** Takes requests and never answers. */
const SILENCE: Handler = () => ({ raw: () => undefined });

describe('a registry that is silent', () => {
  const times = { slowMs: 20, slowAgainMs: 20, checkMs: 50 };
  /** Where an answer to the check decides, it may be as late as it likes. */
  const untilChecked = { ...times, checkMs: 60_000 };
  const kept = (engine: ReturnType<typeof startEngine>, shelf: ReturnType<typeof memoryShelf>, patience = times) =>
    withKeptAnswers(engine.client, { shelf, clock: systemClock, patience });

  it('is not waited for when there is a copy, and is offline to its health', async () => {
    const shelf = memoryShelf();
    {
      await using registry = await startFakeRegistry(registryOf({ tag: image }));
      await using engine = startEngine(registry.host);
      await kept(engine, shelf).listTags({ repository });
    }
    await using silent = await startFakeRegistry(SILENCE);
    const health = createHealthBook({ clock: systemClock, onChange: () => undefined });
    await using engine = startEngine(silent.host, { observe: health.observer('silent') });
    const page = await kept(engine, shelf).listTags({ repository });
    expect(page).toMatchObject({ names: ['v1'], offline: { reason: 'timeout' } });
    await expect.poll(() => health.get('silent')).toMatchObject({ state: 'offline', reason: 'timeout' });
  });

  it('is waited for when it answers a ping: then it is only slow', async () => {
    const shelf = memoryShelf();
    let isSlow = false;
    const pinged = Promise.withResolvers<void>();
    const list = JSON.stringify({ name: repository, tags: ['v1', 'v2'] });
    await using registry = await startFakeRegistry((request, index) => {
      if (!isSlow) return registryOf({ tag: image })(request, index);
      if (request.path === '/v2/') return { raw: (_socket, response) => response.end('{}', () => pinged.resolve()) };
      return { raw: (_socket, response) => void pinged.promise.then(() => response.end(list)) };
    });
    await using engine = startEngine(registry.host);
    const client = kept(engine, shelf, untilChecked);
    await client.listTags({ repository });
    isSlow = true;
    expect(await client.listTags({ repository })).toEqual({ names: ['v1', 'v2'], droppedCount: 0 });
    expect(registry.lines).toContain('GET /v2/');
  });

  it.each<readonly [string, number, object, unknown]>([
    ['a refusal', 403, {}, { kind: 'forbidden' }],
    ['a fresh list', 200, { tags: ['v1', 'v2'] }, { names: ['v1', 'v2'], droppedCount: 0 }],
  ])('is believed when %s comes while the ping is under way', async (_name, status, body, outcome) => {
    const shelf = memoryShelf();
    let isSlow = false;
    const pinged = Promise.withResolvers<undefined>();
    await using registry = await startFakeRegistry((request, index) => {
      if (!isSlow) return registryOf({ tag: image })(request, index);
      if (request.path === '/v2/') {
        pinged.resolve(undefined);
        return { raw: () => undefined };
      }
      const answer = (response: ServerResponse) => response.writeHead(status).end(JSON.stringify(body));
      return { raw: (_socket, response) => void pinged.promise.then(() => answer(response)) };
    });
    await using engine = startEngine(registry.host);
    const client = kept(engine, shelf, untilChecked);
    await client.listTags({ repository });
    isSlow = true;
    const asked = client.listTags({ repository }).catch(({ kind }: RegistryError) => ({ kind }));
    expect(await asked).toEqual(outcome);
    const pages = [...shelf.entries.keys()].filter((key) => key.startsWith('tags '));
    expect(pages).toHaveLength(status === 200 ? 1 : 0);
  });

  it('is not one whose places our own downloads hold: it is asked past them', async () => {
    const shelf = memoryShelf();
    await using registry = await startFakeRegistry((request, index) => {
      if (!request.path.includes('/blobs/')) return registryOf({ tag: image })(request, index);
      return { raw: (_socket, response) => response.writeHead(200).flushHeaders() };
    });
    await using engine = startEngine(registry.host);
    const client = kept(engine, shelf, untilChecked);
    await client.listTags({ repository });
    const { mediaType, digest, size } = image.config.descriptor;
    const descriptor = { mediaType, digest: digest as Digest, sizeBytes: size, annotations: [], urls: [] };
    const call = { repository, descriptor };
    const downloads = await Promise.all([1, 2, 3, 4, 5, 6].map(() => client.openBlob(call)));
    const asked = client.listTags({ repository });
    await expect.poll(() => registry.lines).toContain('GET /v2/');
    expect(registry.lines.filter((line) => line.includes('/tags/'))).toHaveLength(1);
    for (const download of downloads) download.on('error', () => undefined).destroy();
    expect(await asked).toEqual({ names: ['v1'], droppedCount: 0 });
  });

  it('is not one that is silent only while it has us wait', async () => {
    const shelf = memoryShelf();
    let isBusy = false;
    await using registry = await startFakeRegistry((request, index) => {
      if (!isBusy) return registryOf({ tag: image })(request, index);
      isBusy = false;
      return { status: 503, headers: { 'retry-after': '3' } };
    });
    await using engine = startEngine(registry.host);
    // Later than that it has us wait, and sooner than the wait is over.
    const client = kept(engine, shelf, { ...untilChecked, slowMs: 2000 });
    await client.listTags({ repository });
    isBusy = true;
    expect(await client.listTags({ repository })).toEqual({ names: ['v1'], droppedCount: 0 });
    expect(registry.lines).not.toContain('GET /v2/');
  });

  it('is busy, not offline, when it answers others', async () => {
    const shelf = memoryShelf();
    let isSlow = false;
    await using registry = await startFakeRegistry((request, index) => {
      const isHeld = isSlow && request.path.includes('/acme/web/');
      return isHeld ? { raw: () => undefined } : registryOf({ tag: image })(request, index);
    });
    const events: TransportEvent[] = [];
    await using engine = startEngine(registry.host, {
      // Time enough for another answer before this one is given up.
      transport: { timeouts: { headersMs: 3000 } },
      observe: (event) => void events.push(event),
    });
    const client = kept(engine, shelf, { slowMs: 60_000, slowAgainMs: 60_000, checkMs: 60_000 });
    const failures = () => events.flatMap((event) => (event.kind === 'failed' ? [event.isHeard] : []));
    await client.listTags({ repository });
    isSlow = true;
    const asked = client.listTags({ repository });
    await expect.poll(() => registry.requests).toHaveLength(2);
    await client.listRepositories({});
    expect(await asked).toMatchObject({ names: ['v1'], offline: { reason: 'busy' } });
    expect(failures()).toEqual([true]);
    expect(await client.listTags({ repository })).toMatchObject({ offline: { reason: 'timeout' } });
    expect(failures()).toEqual([true, false]);
  });

  it('is not asked whether it is there when there is no copy', async () => {
    await using silent = await startFakeRegistry(SILENCE);
    await using engine = startEngine(silent.host, {
      transport: { timeouts: { headersMs: 200, connectMs: 100 } },
    });
    const error = await registryErrorOf(kept(engine, memoryShelf()).listTags({ repository }));
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
    expect(engine.log.filter((line) => line.fields.includes('/v2/"'))).toEqual([]);
  });

  it('lets go at once of a caller who aborts', async () => {
    await using silent = await startFakeRegistry(SILENCE);
    await using engine = startEngine(silent.host);
    const stop = new AbortController();
    const asked = kept(engine, memoryShelf()).listTags({ repository, signal: stop.signal });
    stop.abort();
    expect((await registryErrorOf(asked)).kind).toBe('cancelled');
  });
});

describe.skipIf(!hasTools('docker-registry', 'htpasswd'))('docker-registry', () => {
  const ALICE = { username: 'alice', password: 'correct horse' };
  const options: EngineOptions = { credential: password(ALICE.username, ALICE.password) };

  it('is shown as last seen while it is stopped, and as it is when it is back', async () => {
    const port = await freePort();
    const shelf = memoryShelf();
    await using engine = startEngine(`127.0.0.1:${port}`, options);
    const client = remember(engine, shelf);
    const auth = { kind: 'htpasswd', ...ALICE } as const;
    {
      await using registry = await startDockerRegistry({ port, auth });
      await pushImage(registry.host, repository, image, ['v1', 'v2', 'v3'], ALICE);
      await openImage(client);
      await client.listTags({ repository });
    }
    const page = await client.listTags({ repository });
    expect(page.names.toSorted()).toEqual(['v1', 'v2', 'v3']);
    expect(page.offline).toEqual(OFFLINE);
    expect(await openImage(client)).toMatchObject({ kind: 'image', offline: OFFLINE });
    await using registry = await startDockerRegistry({ port, auth });
    await pushImage(registry.host, repository, other, ['v9'], ALICE);
    expect(await client.listTags({ repository })).toEqual({ names: ['v9'], droppedCount: 0 });
    expect((await registryErrorOf(openImage(client))).kind).toBe('not-found');
    expect(await openImage(client, 'v9')).not.toHaveProperty('offline');
  });
});
