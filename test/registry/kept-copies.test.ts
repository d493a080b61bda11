import { describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { registryErrorOf, startEngine } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { image, openImage, registryOf, remember, repository } from '#test/support/kept-registry.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';
import type { Built } from '#test/support/oci-builder.ts';

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
