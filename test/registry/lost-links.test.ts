import { describe, expect, it } from 'vitest';
import { type Engine, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Handler, json, type RecordedRequest, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

const REPOSITORY = 'acme/web';
const TAGS = ['v1', 'v2', 'v3', 'v4', 'v5'];
const LIST = `/v2/${REPOSITORY}/tags/list`;

/** Every page to the end, following cursors as the app does. */
async function walkTags(engine: Engine, cursor?: string): Promise<readonly (readonly string[])[]> {
  const call = { repository: REPOSITORY, ...(cursor === undefined ? {} : { cursor }) };
  const { names, nextCursor } = await engine.client.listTags(call);
  return nextCursor === undefined ? [names] : [names, ...(await walkTags(engine, nextCursor))];
}

const isPaged = ({ path }: RecordedRequest): boolean => path.includes('n=');

describe('a list whose link to the next page leads nowhere', () => {
  const answer =
    (link: string, second: (request: RecordedRequest) => ReturnType<Handler>): Handler =>
    (request) => {
      if (!isPaged(request)) return json({ name: REPOSITORY, tags: TAGS });
      if (request.path.includes('last=')) return second(request);
      return json({ name: REPOSITORY, tags: TAGS.slice(0, 2) }, { link: `<${link}>; rel="next"` });
    };

  it('is asked for whole when the next page is missing (renovate#15080)', async () => {
    await using registry = await startFakeRegistry(answer(`${LIST}?n=2&last=oops`, () => ({ status: 404 })));
    await using engine = startEngine(registry.host, { pageSize: 2 });
    expect(await walkTags(engine)).toEqual([TAGS.slice(0, 2), TAGS]);
    expect(registry.lines).toEqual([`GET ${LIST}?n=2`, `GET ${LIST}?n=2&last=oops`, `GET ${LIST}`]);
  });

  it('is asked for whole when the next page is the first once more', async () => {
    const again = () =>
      json({ name: REPOSITORY, tags: TAGS.slice(0, 2) }, { link: `<${LIST}?n=2&last=x>; rel="next"` });
    await using registry = await startFakeRegistry(answer(`${LIST}?n=2&last=0`, again));
    await using engine = startEngine(registry.host, { pageSize: 2 });
    expect(await walkTags(engine)).toEqual([TAGS.slice(0, 2), TAGS]);
    expect(registry.requests).toHaveLength(3);
  });

  it('is whole when it says the same without a page size', async () => {
    await using registry = await startFakeRegistry((request) =>
      json(
        { name: REPOSITORY, tags: TAGS },
        isPaged(request) ? { link: `<${LIST}?n=2&last=${registry.requests.length}>; rel="next"` } : {},
      ),
    );
    await using engine = startEngine(registry.host, { pageSize: 2 });
    expect(await walkTags(engine)).toEqual([TAGS, []]);
    expect(registry.requests).toHaveLength(3);
  });

  it('is partial, and says so, when it cannot be had whole either', async () => {
    await using registry = await startFakeRegistry((request) => {
      if (request.path.includes('last=')) return { status: 404 };
      const tags = isPaged(request) ? TAGS.slice(0, 2) : TAGS.slice(0, 3);
      return json({ name: REPOSITORY, tags }, { link: `<${LIST}?n=2&last=oops>; rel="next"` });
    });
    await using engine = startEngine(registry.host, { pageSize: 2 });
    const error = await registryErrorOf(walkTags(engine));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'page-loop' });
    expect(registry.requests).toHaveLength(3);
  });

  it('fails as it is when the repository has gone meanwhile', async () => {
    let isThere = true;
    await using registry = await startFakeRegistry(() =>
      isThere
        ? json({ name: REPOSITORY, tags: ['v1'] }, { link: `<${LIST}?n=1&last=v1>; rel="next"` })
        : { status: 404 },
    );
    await using engine = startEngine(registry.host, { pageSize: 1 });
    const { nextCursor } = await engine.client.listTags({ repository: REPOSITORY });
    isThere = false;
    const error = await registryErrorOf(engine.client.listTags({ repository: REPOSITORY, cursor: nextCursor! }));
    expect(error.failure).toMatchObject({ kind: 'not-found', what: 'repository' });
  });

  it.each(['/artifactory/api/docker/hub', ''])(
    'is followed with the prefix that the link has lost: %j',
    async (lost) => {
      const prefix = '/artifactory/api/docker/hub';
      await using registry = await startFakeRegistry(({ path }) => {
        if (!path.startsWith(`${prefix}/v2/`)) return { status: 404 };
        if (path.includes('last=')) return json({ name: REPOSITORY, tags: ['v3'] });
        return json({ name: REPOSITORY, tags: ['v1', 'v2'] }, { link: `<${lost}${LIST}?n=2&last=v2>; rel="next"` });
      });
      await using engine = startEngine(registry.host, { pageSize: 2, connection: { apiPrefix: prefix } });
      expect(await walkTags(engine)).toEqual([['v1', 'v2'], ['v3']]);
      expect(registry.lines.every((line) => line.startsWith(`GET ${prefix}/v2/`))).toBe(true);
    },
  );

  it('does not leave the API: a link beside it is refused', async () => {
    await using registry = await startFakeRegistry(() =>
      json({ name: REPOSITORY, tags: ['v1'] }, { link: '</admin/v2/x>; rel="next"' }),
    );
    await using engine = startEngine(registry.host);
    expect((await registryErrorOf(walkTags(engine))).failure).toMatchObject({ kind: 'protocol', reason: 'link' });
    expect(registry.requests).toHaveLength(1);
  });
});

type WalkPage = {
  readonly url: string;
  readonly items?: readonly string[];
  readonly link?: string | null;
  readonly body?: string;
};
type WalkVector = {
  readonly id: string;
  readonly kind: string;
  readonly pages: readonly WalkPage[];
  readonly maxPages?: number;
  readonly expect: { readonly pages?: readonly (readonly string[])[]; readonly error?: string };
};

/** Left out: a bound on pages is not an option of ours, but 1,000 (P03, tested with the hostile pages). */
const WALKS = loadVectors<WalkVector>(
  'link-headers',
  ({ kind, id }) => kind === 'walk' && id !== 'walk-stops-at-page-limit',
);

describe.skipIf(!hasVectors)('walks of the shared vectors', () => {
  it.each(WALKS)('$id', async ({ pages, expect: expected }) => {
    const isCatalog = pages[0]?.url.startsWith('/v2/_catalog') === true;
    const size = Number(/n=(\d+)/.exec(pages[0]?.url ?? '')?.[1]);
    await using registry = await startFakeRegistry(({ path }) => {
      const page = pages.find(({ url }) => url === path);
      if (page === undefined) return { status: 404 };
      const link = page.link?.replace('http://127.0.0.1:41000', `http://${registry.host}`);
      const headers = link === undefined ? {} : { link };
      if (page.body !== undefined) return { headers, body: page.body };
      return json(isCatalog ? { repositories: page.items } : { name: 'test', tags: page.items }, headers);
    });
    await using engine = startEngine(registry.host, { pageSize: size });
    const walk = async (cursor?: string): Promise<readonly (readonly string[])[]> => {
      const more = cursor === undefined ? {} : { cursor };
      const { names, nextCursor } = isCatalog
        ? await engine.client.listRepositories(more)
        : await engine.client.listTags({ repository: 'test', ...more });
      return nextCursor === undefined ? [names] : [names, ...(await walk(nextCursor))];
    };
    const walked = await walk().catch(() => 'an error');
    expect(walked).toEqual(expected.pages ?? 'an error');
  });
});
