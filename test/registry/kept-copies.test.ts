import { describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import type { NamePage, RegistryClient } from '#main/core/registry/registry-client.ts';
import { password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Handler, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { image, openImage, registryOf, remember, repository } from '#test/support/kept-registry.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';
import type { Built } from '#test/support/oci-builder.ts';

describe('a list in several pages', () => {
  const TAGS = ['v1', 'v2', 'v3', 'v4', 'v5'];
  /** Two tags a page; `more` stands in the address of each page that follows. */
  const paged = (more: string): Handler => {
    return ({ path }) => {
      if (!path.includes('/tags/list')) return path === '/v2/' ? json({}) : undefined;
      const from = Number(/[?&]last=(\d)/.exec(path)?.[1] ?? 0);
      const link = `</v2/${repository}/tags/list?n=2&last=${from + 2}${more}>; rel="next"`;
      return json({ name: repository, tags: TAGS.slice(from, from + 2) }, from + 2 < TAGS.length ? { link } : {});
    };
  };
  const SIGNED = '&sig=canary';
  const text = (shelf: ReturnType<typeof memoryShelf>): string =>
    [...shelf.entries].map(([key, { value, note }]) => `${key} ${Buffer.from(value).toString()} ${note}`).join('\n');

  type At = { readonly client: RegistryClient; readonly next: () => Promise<NamePage> };
  /** A client that goes on from page to page. */
  const reading = (port: number, shelf: ReturnType<typeof memoryShelf>): At & AsyncDisposable => {
    const engine = startEngine(`127.0.0.1:${port}`);
    const client = remember(engine, shelf);
    let cursor: string | undefined;
    const next = async (): Promise<NamePage> => {
      const page = await client.listTags({ repository, ...(cursor === undefined ? {} : { cursor }) });
      cursor = page.nextCursor;
      return page;
    };
    return { client, next, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
  };

  /** Reads so many pages of a registry, which is gone afterwards. */
  async function readPages(count: number, more: string) {
    const shelf = memoryShelf();
    await using registry = await startFakeRegistry(paged(more));
    await using at = reading(registry.port, shelf);
    for (let page = 0; page < count; page += 1) await at.next();
    return { shelf, port: registry.port };
  }

  it('is kept without what a registry may have signed its addresses with', async () => {
    const signed = await readPages(3, SIGNED);
    expect(text(signed.shelf)).toContain('v5');
    expect(text(signed.shelf)).not.toContain('canary');
    const plain = await readPages(3, '');
    expect(text(plain.shelf)).toContain('last=2');
  });

  it.each(['', SIGNED])('is shown as far as it was seen, and then says that nobody is there: %j', async (more) => {
    const { shelf, port } = await readPages(2, more);
    await using at = reading(port, shelf);
    expect(await at.next()).toMatchObject({ names: ['v1', 'v2'], offline: { reason: 'refused' } });
    expect(await at.next()).toMatchObject({ names: ['v3', 'v4'], offline: { reason: 'refused' } });
    expect((await registryErrorOf(at.next())).failure).toMatchObject({ kind: 'network', reason: 'refused' });
  });

  it('goes on when the registry is back, after a restart too, where its addresses hold nothing secret', async () => {
    const { shelf, port } = await readPages(1, '');
    await using at = reading(port, shelf);
    expect((await at.next()).offline).toBeDefined();
    await using _registry = await startFakeRegistry(paged(''), { port });
    expect(await at.next()).toMatchObject({ names: ['v3', 'v4'] });
  });

  it('goes on when the registry is back, before a restart, where they do', async () => {
    const shelf = memoryShelf();
    const first = await startFakeRegistry(paged(SIGNED));
    const { port } = first;
    await using at = reading(port, shelf);
    await at.next();
    await first[Symbol.asyncDispose]();
    const { nextCursor: cursor = '', offline } = await at.client.listTags({ repository });
    expect(offline).toBeDefined();
    await using _registry = await startFakeRegistry(paged(SIGNED), { port });
    const page = await at.client.listTags({ repository, cursor });
    expect(page).toMatchObject({ names: ['v3', 'v4'] });
    expect(page).not.toHaveProperty('offline');
  });

  it('says that it has to be read anew when the registry is back and the address of the next page is not known', async () => {
    const { shelf, port } = await readPages(2, SIGNED);
    await using at = reading(port, shelf);
    expect((await at.next()).offline).toBeDefined();
    await using registry = await startFakeRegistry(paged(SIGNED), { port });
    const { failure } = await registryErrorOf(at.next());
    expect(failure).toMatchObject({ kind: 'protocol', reason: 'stale-list' });
    expect(registry.lines).toEqual(['GET /v2/']);
    await using anew = reading(port, shelf);
    const pages = [await anew.next(), await anew.next(), await anew.next()];
    expect(pages.flatMap(({ names }) => names)).toEqual(TAGS);
  });

  it('takes no name of a page that it has not given', async () => {
    const { shelf, port } = await readPages(1, SIGNED);
    await using _registry = await startFakeRegistry(paged(SIGNED), { port });
    await using at = reading(port, shelf);
    for (const cursor of ['kept:', `kept:${'0'.repeat(63)}`, `kept:${'x'.repeat(64)}`]) {
      await expect(at.client.listTags({ repository, cursor })).rejects.toThrow('not a cursor');
    }
  });
});

describe('what was kept', () => {
  it.each<readonly [string, Reply]>([
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['404 NAME_UNKNOWN', json({ errors: [{ code: 'NAME_UNKNOWN', message: 'no' }] }, {}, 404)],
  ])('shows nothing of a repository that was answered with %s the last time', async (_name, refusal) => {
    const state: { tag: Built; refuse?: Reply | undefined } = { tag: image };
    const shelf = memoryShelf();
    let port: number;
    {
      await using registry = await startFakeRegistry(registryOf(state));
      ({ port } = registry);
      await using engine = startEngine(registry.host);
      const client = remember(engine, shelf);
      await client.listTags({ repository });
      await client.listReferrers({ repository, digest: image.descriptor.digest as Digest });
      await openImage(client);
      shelf.put('tags', `${repository}/other first`, Buffer.from('{"names":["v9"],"droppedCount":0}'));
      state.refuse = refusal;
      await registryErrorOf(client.getManifest({ repository, reference: 'v7' }));
    }
    expect([...shelf.entries.keys()]).toEqual([`tags ${repository}/other first`]);
    await using engine = startEngine(`127.0.0.1:${port}`);
    const client = remember(engine, shelf);
    for (const reference of ['v1', image.descriptor.digest]) {
      expect((await registryErrorOf(openImage(client, reference))).kind).toBe('network');
    }
  });

  it('shows no tag that was answered with 404 the last time, and the others still', async () => {
    const state: { tag: Built; refuse?: Reply | undefined } = { tag: image };
    await using registry = await startFakeRegistry(registryOf(state));
    await using engine = startEngine(registry.host);
    const shelf = memoryShelf();
    const client = remember(engine, shelf);
    await client.listTags({ repository });
    await openImage(client);
    state.refuse = json({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'no' }] }, {}, 404);
    await registryErrorOf(openImage(client));
    const kinds = [...shelf.entries.keys()].map((key) => key.split(' ')[0]);
    expect(new Set(kinds)).toEqual(new Set(['blob', 'manifest', 'tags']));
  });

  it('has no page of its catalog left when one was refused', async () => {
    const state: { tag: Built; refuse?: Reply | undefined } = { tag: image };
    await using registry = await startFakeRegistry(registryOf(state));
    await using engine = startEngine(registry.host);
    const shelf = memoryShelf();
    const client = remember(engine, shelf);
    await client.listRepositories({});
    shelf.put('repositories', 'of another page', Buffer.from('{"names":["x"],"droppedCount":0}'));
    state.refuse = { status: 401 };
    await registryErrorOf(client.listRepositories({}));
    expect([...shelf.entries.keys()]).toEqual([]);
  });
});

describe('the requests of a person who signs in with a password', () => {
  const credential = password('alice', 'correct horse');
  const tags = ['v1', 'v2', 'v3', 'v4', 'v5'];

  it('are 1 + ⌈tags / page⌉ for a repository, and none for a manifest to open an image again', async () => {
    await using registry = await startFakeRegistry((request, index) => {
      if (request.headers['authorization'] === undefined) {
        return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
      }
      const [, last] = /[?&]last=(\d)/.exec(request.path) ?? [];
      if (!request.path.includes('/tags/list')) return registryOf({ tag: image })(request, index);
      const from = Number(last ?? 0);
      const link = `</v2/${repository}/tags/list?n=2&last=${from + 2}>; rel="next"`;
      return json({ name: repository, tags: tags.slice(from, from + 2) }, from + 2 < tags.length ? { link } : {});
    });
    await using engine = startEngine(registry.host, { credential, pageSize: 2 });
    const client = remember(engine);
    const names: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: NamePage = await client.listTags({ repository, ...(cursor === '' ? {} : { cursor }) });
      names.push(...page.names);
      cursor = page.nextCursor;
    }
    expect(names).toEqual(tags);
    expect(registry.requests).toHaveLength(1 + Math.ceil(tags.length / 2));
    await openImage(client);
    const before = registry.requests.length;
    await openImage(client);
    expect(registry.lines.slice(before)).toEqual(['HEAD /v2/acme/web/manifests/v1']);
  });
});
