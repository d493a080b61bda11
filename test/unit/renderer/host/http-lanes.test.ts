import { describe, expect, it } from 'vitest';
import { withLanes } from '#renderer/host/http-lanes.ts';

/** A link whose calls end when told. */
function createSlowLink() {
  const started: unknown[] = [];
  const ends: (() => void)[] = [];
  const link = withLanes({
    call: (_path, input) => {
      started.push(input);
      return new Promise((resolve) => ends.push(() => resolve(input)));
    },
  });
  const call = (input: unknown, signal?: AbortSignal, path: readonly string[] = ['tags', 'list']) =>
    link.call(path, input, { context: {}, ...(signal === undefined ? {} : { signal }) });
  return { started, ends, call };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  it('let four calls about a registry go at once, and the next when one has ended', async () => {
    const { started, ends, call } = createSlowLink();
    const calls = [1, 2, 3, 4, 5].map((n) => call({ registryId: 'slow', n }));
    await settle();
    expect(started).toHaveLength(4);
    ends[0]?.();
    await settle();
    expect(started).toHaveLength(5);
    for (const end of ends) end();
    expect(await Promise.all(calls)).toHaveLength(5);
  });

  it('let what a person waits for go before the rows in view, which go in their order', async () => {
    const { started, ends, call } = createSlowLink();
    const ask = (n: string, name: string) => call({ registryId: 'slow', n }, undefined, ['tags', name]);
    const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((n) => ask(n, 'summary'));
    calls.push(
      ask('list', 'list'),
      call({ registryId: 'slow', n: 'again', again: true }, undefined, ['tags', 'summary']),
    );
    await settle();
    for (const at of [0, 1, 2, 3]) {
      ends[at]?.();
      await settle();
    }
    const order = started.map((input) => (input as { readonly n: string }).n);
    expect(order).toEqual(['a', 'b', 'c', 'd', 'list', 'again', 'e', 'f']);
    for (const end of ends) end();
    expect(await Promise.all(calls)).toHaveLength(8);
  });

  it('hold no call about another registry, or about none', async () => {
    const { started, ends, call } = createSlowLink();
    const calls = [1, 2, 3, 4, 5].map(() => call({ registryId: 'slow' }));
    calls.push(call({ registryId: 'local' }), call(undefined), call({ theme: 'dark' }));
    await settle();
    expect(started).toHaveLength(7);
    for (const end of ends) end();
    await settle();
    ends.at(-1)?.();
    expect(await Promise.all(calls)).toHaveLength(8);
  });

  it('drop a call that was given up while it waited', async () => {
    const { started, ends, call } = createSlowLink();
    const calls = [1, 2, 3, 4].map(() => call({ registryId: 'slow' }));
    const controller = new AbortController();
    const waiting = call({ registryId: 'slow' }, controller.signal);
    controller.abort();
    await settle();
    for (const end of ends) end();
    await Promise.all(calls);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(started).toHaveLength(4);
  });

  it('become fewer while streams are open, and as many as before when they have ended', async () => {
    const ends: (() => void)[] = [];
    let started = 0;
    async function* events() {
      yield 1;
      yield 2;
    }
    const link = withLanes({
      call: async (path) => {
        if (path[0] === 'watch') return events();
        started += 1;
        return new Promise((resolve) => ends.push(() => resolve(undefined)));
      },
    });
    const watch = async () => (await link.call(['watch'], undefined, { context: {} })) as AsyncGenerator<number>;
    const streams = [await watch(), await watch(), await watch()];
    const calls = [1, 2, 3, 4].map(() => link.call(['list'], { registryId: 'slow' }, { context: {} }));
    await settle();
    expect(started).toBe(2);
    // One is read to its end, one is left in the middle: either way its connection is free.
    const read: number[] = [];
    for await (const event of streams[0]!) read.push(event);
    expect(read).toEqual([1, 2]);
    for await (const _event of streams[1]!) break;
    await settle();
    expect(started).toBe(4);
    for (const end of ends) end();
    await Promise.all(calls);
  });
});
