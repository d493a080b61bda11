import { describe, expect, it } from 'vitest';
import { password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Handler, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

const REPOSITORIES = ['a', 'b', 'c', 'd', 'e', 'f'];
const tagsOf = (path: string): Reply => json({ name: path.split('/')[2], tags: ['v1'] });
const refuse = (challenge: string): Reply => ({ status: 401, headers: { 'www-authenticate': challenge } });
const alice = password('alice', 'wonderland');

/** How many requests six lists of tags cost that are asked for at once, right after the start. */
async function requestsOfSixLists(handler: Handler, credential = alice): Promise<readonly string[]> {
  await using registry = await startFakeRegistry(handler);
  await using engine = startEngine(registry.host, { credential });
  const pages = await Promise.all(REPOSITORIES.map((repository) => engine.client.listTags({ repository })));
  expect(pages.map((page) => page.names)).toEqual(REPOSITORIES.map(() => ['v1']));
  return registry.requests.map(({ path, headers }) => `${path} ${headers['authorization']?.split(' ')[0] ?? '-'}`);
}

describe('six first requests at once', () => {
  it('cost an open registry six', async () => {
    expect(await requestsOfSixLists(({ path }) => tagsOf(path))).toHaveLength(6);
  });

  it('cost a Basic registry one 401', async () => {
    const asked = await requestsOfSixLists(({ path, headers }) =>
      headers['authorization'] === undefined ? refuse('Basic realm="r"') : tagsOf(path),
    );
    expect(asked).toHaveLength(7);
    expect(asked.filter((each) => each.endsWith(' -'))).toHaveLength(1);
  });

  it('cost a Bearer registry one 401, and a token for each repository', async () => {
    const asked = await requestsOfSixLists(({ path, headers }) => {
      if (path.startsWith('/token')) return json({ token: 'good' });
      return headers['authorization'] === 'Bearer good' ? tagsOf(path) : refuse('Bearer realm="/token",service="s"');
    });
    expect(asked.filter((each) => each.startsWith('/v2/') && each.endsWith(' -'))).toHaveLength(1);
    expect(asked.filter((each) => each.startsWith('/token'))).toHaveLength(6);
    expect(asked).toHaveLength(13);
  });

  it('all go when the one ahead fails, each to its own end', async () => {
    await using registry = await startFakeRegistry((_request, index) =>
      index === 0 ? { status: 400 } : json({ name: null, tags: ['v1'] }),
    );
    await using engine = startEngine(registry.host);
    const settled = await Promise.allSettled(REPOSITORIES.map((repository) => engine.client.listTags({ repository })));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', ...REPOSITORIES.slice(1).map(() => 'fulfilled')]);
  });
});

describe('a first request that gets no answer', () => {
  it('is followed by the next in line when it is cancelled', async () => {
    await using registry = await startFakeRegistry(({ path }, index) =>
      index === 0 ? { raw: () => undefined } : tagsOf(path),
    );
    await using engine = startEngine(registry.host);
    const controller = new AbortController();
    const stuck = registryErrorOf(engine.client.listTags({ repository: 'a', signal: controller.signal }));
    const next = engine.client.listTags({ repository: 'b' });
    await expect.poll(() => registry.requests.length).toBe(1);
    controller.abort();
    expect((await stuck).kind).toBe('cancelled');
    expect((await next).names).toEqual(['v1']);
  });

  it('holds the others up for two seconds at most', async () => {
    const waits: number[] = [];
    const over = Promise.withResolvers<void>();
    const clock = { now: () => Date.now(), sleep: (ms: number) => (waits.push(ms), over.promise) };
    await using registry = await startFakeRegistry(({ path }, index) =>
      index === 0 ? { raw: () => undefined } : tagsOf(path),
    );
    await using engine = startEngine(registry.host, { clock });
    const controller = new AbortController();
    const stuck = registryErrorOf(engine.client.listTags({ repository: 'a', signal: controller.signal }));
    const others = Promise.all(['b', 'c'].map((repository) => engine.client.listTags({ repository })));
    await expect.poll(() => registry.requests.length).toBe(1);
    over.resolve();
    expect((await others).map((page) => page.names)).toEqual([['v1'], ['v1']]);
    expect(waits).toEqual([2000]);
    controller.abort();
    await stuck;
  });

  it('lets those who wait for it leave', async () => {
    await using registry = await startFakeRegistry(() => ({ raw: () => undefined }));
    await using engine = startEngine(registry.host);
    const [first, second] = [new AbortController(), new AbortController()];
    const ahead = registryErrorOf(engine.client.ping({ signal: first.signal }));
    const waiting = registryErrorOf(engine.client.ping({ signal: second.signal }));
    second.abort();
    expect((await waiting).kind).toBe('cancelled');
    first.abort();
    expect((await ahead).kind).toBe('cancelled');
    expect(registry.requests.length).toBeLessThanOrEqual(1);
  });
});
