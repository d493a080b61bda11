import { expect, it } from 'vitest';
import { startBigRegistry } from '#test/support/big-registry.ts';
import { startTestBackend } from '#test/support/backend.ts';
import { connectInMemory, TRANSPORTS } from '#test/support/transports.ts';

it.each(TRANSPORTS)('lists of very many names are over %s what the engine read', async (_, connect) => {
  await using registry = await startBigRegistry({ tags: 3000, repositories: 2500 });
  const backend = await startTestBackend({ samples: false });
  const connected = await connect(backend.router);
  const { client } = connected;
  try {
    const { id } = await client.registries.add({ host: registry.host, plainHttp: true, auth: { kind: 'anonymous' } });
    const direct = (await connectInMemory(backend.router)).client;
    const wanted = { registryId: id, repository: registry.repository, pages: 2 };
    const page = await client.tags.list(wanted);
    expect(page.tags.length).toBeGreaterThanOrEqual(1000);
    expect(page.tags).toEqual((await direct.tags.list(wanted)).tags.slice(0, page.tags.length));
    const catalog = await client.repositories.list({ registryId: id });
    expect(catalog).toEqual(await direct.repositories.list({ registryId: id }));
    expect(catalog.repositories).toHaveLength(1000);
  } finally {
    await connected.close();
    await backend.close();
  }
});
