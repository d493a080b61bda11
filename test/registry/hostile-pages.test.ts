import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import type { NamePage } from '#main/core/registry/registry-client.ts';
import { type Engine, password, registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

const REPOSITORY = 'acme/web';
const page = (tags: unknown, link?: string): Reply =>
  json({ name: REPOSITORY, tags }, link === undefined ? {} : { link });
const next = (path: string) => `<${path}>; rel="next"`;
const listTags = (engine: Engine, cursor?: string) =>
  engine.client.listTags({ repository: REPOSITORY, ...(cursor === undefined ? {} : { cursor }) });

/** Follows cursors to the end or an error, at most `limit` pages. */
async function walk(engine: Engine, limit = 3000): Promise<{ readonly pages: NamePage[]; readonly error?: unknown }> {
  const pages: NamePage[] = [];
  try {
    let cursor: string | undefined;
    do {
      const got: NamePage = await listTags(engine, cursor);
      pages.push(got);
      cursor = got.nextCursor;
    } while (cursor !== undefined && pages.length < limit);
    return { pages };
  } catch (error) {
    return { pages, error };
  }
}

describe('pages of a list', () => {
  it.each([
    ['another host', (port: number) => `http://evil.public.test:${port}/v2/x`],
    ['another port', () => 'http://registry.public.test:1/v2/x'],
    ['another scheme', (port: number) => `https://registry.public.test:${port}/v2/x`],
    ['no host, but another', (port: number) => `//evil.public.test:${port}/v2/x`],
  ])('keeps the page and refuses a link to %s, unrequested (P01)', async (_name, target) => {
    await using evil = await startFakeRegistry(() => page(['stolen']));
    await using registry = await startFakeRegistry(() => page(['v1'], next(target(evil.port))));
    await using engine = startEngine(`registry.public.test:${registry.port}`, { transport: TEST_NETWORK });
    const { pages, error } = await walk(engine);
    expect(pages.map((each) => each.names)).toEqual([['v1']]);
    expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'link' } });
    expect(evil.connections).toBe(0);
    expect(registry.requests).toHaveLength(1);
  });

  it('asks the registry for nothing that a redirect target links to (P01)', async () => {
    await using elsewhere = await startFakeRegistry(() => page(['v1'], next('/v2/secret/admin/tags/list')));
    await using registry = await startFakeRegistry(({ path }) => ({
      status: 307,
      headers: { location: `http://registry.public.test:${elsewhere.port}${path}` },
    }));
    await using engine = startEngine(`registry.public.test:${registry.port}`, { transport: TEST_NETWORK });
    const { pages, error } = await walk(engine);
    expect(pages.map((each) => each.names)).toEqual([['v1']]);
    expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'link' } });
    expect(registry.lines).toEqual([`GET /v2/${REPOSITORY}/tags/list?n=1000`]);
  });

  it('notices a page that links to itself, and keeps its items (P02)', async () => {
    await using registry = await startFakeRegistry((request) => page(['v1'], next(request.path)));
    await using engine = startEngine(registry.host);
    const { pages, error } = await walk(engine);
    expect(pages.map((each) => each.names)).toEqual([['v1']]);
    expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'page-loop' } });
  });

  it.each([2, 3, 7, 50])('notices a cycle of %i pages (P02)', async (length) => {
    let count = 0;
    await using registry = await startFakeRegistry(() => {
      count += 1;
      return page([`v${count}`], next(`/v2/${REPOSITORY}/tags/list?last=${count % length}`));
    });
    await using engine = startEngine(registry.host);
    const { pages, error } = await walk(engine);
    expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'page-loop' } });
    expect(pages.length).toBeGreaterThanOrEqual(length);
    expect(pages.length).toBeLessThan(5 * length);
  });

  it('stops at 1,000 distinct pages (P03)', async () => {
    let count = 0;
    await using registry = await startFakeRegistry(() => {
      count += 1;
      return page([`v${count}`], next(`/v2/${REPOSITORY}/tags/list?last=${count}`));
    });
    await using engine = startEngine(registry.host);
    const { pages, error } = await walk(engine);
    expect(pages).toHaveLength(1000);
    expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'page-loop' } });
  });

  it('passes over empty pages, three at most (P03)', async () => {
    let count = 0;
    await using registry = await startFakeRegistry(() => {
      count += 1;
      return page(count === 3 ? ['v1'] : [], next(`/v2/${REPOSITORY}/tags/list?last=${count}`));
    });
    await using engine = startEngine(registry.host);
    const first = await listTags(engine);
    expect(first.names).toEqual(['v1']);
    expect(registry.requests).toHaveLength(3);
    const second = await listTags(engine, first.nextCursor);
    expect(second.names).toEqual([]);
    expect(registry.requests).toHaveLength(6);
    const error = await registryErrorOf(listTags(engine, second.nextCursor));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'page-loop' });
    expect(registry.requests).toHaveLength(6);
  });

  it('reads 8 MiB of a page and no more (P04)', async () => {
    let written = 0;
    await using registry = await startFakeRegistry(() => ({
      raw: (_socket, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"tags":[');
        const chunk = `"${'a'.repeat(65_000)}",`;
        const pour = () => {
          while (!response.destroyed && written < 1 << 30) {
            written += chunk.length;
            if (!response.write(chunk)) return;
          }
        };
        response.on('drain', pour);
        pour();
      },
    }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toEqual({ kind: 'too-large', limitBytes: 8 * 1024 * 1024, what: 'tag page' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it.each(['<>; rel="next"', '</v2/x; rel="next"', '</v2/x>; rel="next" title="x"'])(
    'keeps the page of an unreadable Link %s, and says so when asked for more (P05)',
    async (link) => {
      await using registry = await startFakeRegistry(() => page(['v1'], link));
      await using engine = startEngine(registry.host);
      const { pages, error } = await walk(engine);
      expect(pages.map((each) => each.names)).toEqual([['v1']]);
      expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'link' } });
    },
  );

  it('takes null for an empty list (P06)', async () => {
    await using registry = await startFakeRegistry(() => page(null));
    await using engine = startEngine(registry.host);
    await expect(listTags(engine)).resolves.toEqual({ names: [], droppedCount: 0 });
  });

  it.each([
    ['another repository', { name: 'acme/other', tags: ['v1'] }],
    ['a text for a list', { name: REPOSITORY, tags: 'v1' }],
    ['a number for a name', { name: 1, tags: [] }],
  ])('refuses %s (P06)', async (_name, body) => {
    await using registry = await startFakeRegistry(() => json(body));
    await using engine = startEngine(registry.host);
    expect((await registryErrorOf(listTags(engine))).failure).toMatchObject({ kind: 'protocol', reason: 'bad-shape' });
  });

  it('drops and counts what is no tag, and repeats none (P07, N01)', async () => {
    const tags = ['v2', 'v1', 'v1', '../../admin', 'a?x', 'sha256:abc', 7, null, 'x'.repeat(10_000), '%2e%2e'];
    await using registry = await startFakeRegistry(() => page(tags));
    await using engine = startEngine(registry.host);
    await expect(listTags(engine)).resolves.toEqual({ names: ['v2', 'v1'], droppedCount: 7 });
  });

  it('drops and counts what is no repository (N01)', async () => {
    const repositories = ['acme/web', '../../admin', 'a?x', '%2e%2e', 'UPPER', 'x'.repeat(10_240)];
    await using registry = await startFakeRegistry(() => json({ repositories }));
    await using engine = startEngine(registry.host);
    await expect(engine.client.listRepositories({})).resolves.toEqual({ names: ['acme/web'], droppedCount: 5 });
  });

  it.each([
    'nonsense',
    '1:0123456789abcdef::http://evil.test/v2/x',
    '1:0123456789abcdef:://evil.test/v2/x',
    '1:0123456789abcdef::/v2/../admin',
    '1:0123456789abcdef::/v2/\\..\\..\\admin',
    '1:0123456789abcdef:tampered:/v2/x',
    '99999:0123456789abcdef::/v2/x',
  ])('refuses the cursor %s without a request', async (cursor) => {
    await using registry = await startFakeRegistry(() => page(['v1']));
    await using engine = startEngine(registry.host);
    await expect(listTags(engine, cursor)).rejects.toBeInstanceOf(InvalidInputError);
    expect(registry.requests).toEqual([]);
  });

  it.each(['../../admin', 'a?x', '%2e%2e', 'A', '', 'x'.repeat(300)])(
    'refuses the repository %j without a request (N01)',
    async (repository) => {
      await using registry = await startFakeRegistry(() => page(['v1']));
      await using engine = startEngine(registry.host);
      await expect(engine.client.listTags({ repository })).rejects.toBeInstanceOf(InvalidInputError);
      expect(registry.requests).toEqual([]);
    },
  );
});

describe('the catalog', () => {
  it.each([401, 403, 404, 405])('is unsupported when it answers %i and the ping is fine', async (status) => {
    await using registry = await startFakeRegistry((request) =>
      request.path === '/v2/' ? json({}) : { status, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    await using engine = startEngine(registry.host, { credential: password('alice', 'secret') });
    const error = await registryErrorOf(engine.client.listRepositories({}));
    expect(error.failure).toMatchObject({ kind: 'unsupported', feature: 'catalog' });
  });

  it('is not to blame when the ping fails too', async () => {
    await using registry = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="r"' },
    }));
    await using engine = startEngine(registry.host, { credential: password('alice', 'secret') });
    const error = await registryErrorOf(engine.client.listRepositories({}));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
  });

  it('is not unsupported because of a rate limit', async () => {
    await using registry = await startFakeRegistry(() => ({ status: 429, headers: { 'retry-after': '45' } }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.listRepositories({}));
    expect(error.failure).toEqual({ kind: 'rate-limited', retryAfterSeconds: 45, codes: [] });
  });
});
