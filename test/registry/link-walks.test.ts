import { describe, expect, it } from 'vitest';
import { registryErrorOf, startEngine } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type Page = {
  readonly url: string;
  readonly items?: readonly string[];
  readonly body?: string;
  readonly link: string | null;
};
type WalkVector = {
  readonly id: string;
  readonly kind: string;
  readonly pages: readonly Page[];
  readonly expect: { readonly pages?: readonly (readonly string[])[]; readonly error?: string };
  readonly maxPages?: number;
};

/** `walk-stops-at-page-limit` sets a limit of two pages; ours is 1,000 and is tested in hostile-pages (P03). */
const LIMIT = 'walk-stops-at-page-limit';
const walks = loadVectors<WalkVector>('link-headers', ({ kind, id }) => kind === 'walk' && id !== LIMIT);
const whole = walks.filter((walk) => walk.expect.error === undefined);
const broken = walks.filter((walk) => walk.expect.error !== undefined);

function answer({ body, items = [], link, url }: Page, origin: string): Reply {
  const named = url.includes('_catalog') ? { repositories: items } : { name: 'test', tags: items };
  const headers = link === null ? {} : { link: link.replace('http://127.0.0.1:41000', origin) };
  return body === undefined ? json(named, headers) : { headers, body };
}

/** Serves the pages of a walk, and reads any one of them. */
async function walkThrough({ pages }: WalkVector) {
  const isCatalog = pages[0]!.url.includes('_catalog');
  const registry = await startFakeRegistry(({ path, headers }) => {
    const page = pages.find(({ url }) => url === path);
    return page === undefined ? undefined : answer(page, `http://${headers['host']}`);
  });
  const engine = startEngine(registry.host, { pageSize: Number(/n=(\d+)/.exec(pages[0]!.url)?.[1]) });
  return {
    lines: () => registry.lines,
    read: (cursor: string | undefined) => {
      const call = cursor === undefined ? {} : { cursor };
      return isCatalog ? engine.client.listRepositories(call) : engine.client.listTags({ repository: 'test', ...call });
    },
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!hasVectors)('lists in pages, on the shared vectors', () => {
  it.each(whole)('$id', async (vector) => {
    await using walk = await walkThrough(vector);
    const lists: (readonly string[])[] = [];
    let cursor: string | undefined;
    do {
      const list = await walk.read(cursor);
      lists.push(list.names);
      cursor = list.nextCursor;
    } while (cursor !== undefined);
    // A name that a page holds twice is shown once.
    expect(lists).toEqual(vector.expect.pages?.map((names) => [...new Set(names)]));
    expect(walk.lines()).toEqual(vector.pages.map(({ url }) => `GET ${url}`));
  });

  it.each(broken)('$id', async (vector) => {
    await using walk = await walkThrough(vector);
    expect((await registryErrorOf(walk.read(undefined))).kind).toBe('protocol');
  });
});
