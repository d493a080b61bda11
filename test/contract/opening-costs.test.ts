import { describe, expect, it } from 'vitest';
import { startBigRegistry } from '#test/support/big-registry.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { connectInMemory } from '#test/support/transports.ts';

const SHOWN = 30;

/** What the page does for a repository: its tags to the last, then the rows in view. */
async function openRepository(client: Awaited<ReturnType<typeof connectInMemory>>['client'], registryId: string) {
  const tags: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.tags.list({ registryId, repository: 'acme/web', cursor });
    tags.push(...page.tags);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return {
    tags,
    readRows: () =>
      Promise.all(tags.slice(0, SHOWN).map((tag) => client.tags.summary({ registryId, repository: 'acme/web', tag }))),
  };
}

describe('opening a repository', () => {
  it.each([1, 1000, 2500])('with %i tags costs one request a page and one to find the registry', async (count) => {
    await using registry = await startBigRegistry({ tags: count, repositories: 1 });
    const backend = await startTestBackend({ samples: false });
    const { client } = await connectInMemory(backend.router);
    try {
      const { id } = await client.registries.add({ host: registry.host, plainHttp: true, auth: { kind: 'anonymous' } });
      expect((await openRepository(client, id)).tags).toHaveLength(count);
      expect(registry.requests.length).toBeLessThanOrEqual(1 + Math.ceil(count / 1000));
    } finally {
      await backend.close();
    }
  });

  it('a second time reads no manifest and no config again, only where the tags point now', async () => {
    await using registry = await startBigRegistry({ tags: 100, repositories: 1 });
    const backend = await startTestBackend({ samples: false });
    const { client } = await connectInMemory(backend.router);
    try {
      const { id } = await client.registries.add({ host: registry.host, plainHttp: true, auth: { kind: 'anonymous' } });
      const first = await (await openRepository(client, id)).readRows();
      const before = registry.requests.length;
      expect(await (await openRepository(client, id)).readRows()).toEqual(first);
      const again = registry.lines.slice(before);
      expect(again.filter((line) => /^GET .*\/(?:manifests|blobs)\//.test(line))).toEqual([]);
      expect(again.filter((line) => line.startsWith('HEAD '))).toHaveLength(SHOWN);
    } finally {
      await backend.close();
    }
  });
});
