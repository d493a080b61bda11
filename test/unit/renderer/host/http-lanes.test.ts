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
  const call = (input: unknown, signal?: AbortSignal) =>
    link.call(['tags', 'list'], input, { context: {}, ...(signal === undefined ? {} : { signal }) });
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
});
