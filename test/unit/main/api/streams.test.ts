import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChangeHub } from '#main/api/change-hub.ts';
import { inOrderOfArrival } from '#main/api/in-order-of-arrival.ts';
import { stoppableStream } from '#main/api/stoppable-stream.ts';
import type { Change } from '#shared/api/changes.ts';

const never = new AbortController().signal;

describe('stoppableStream', () => {
  const waitForAbort = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });

  function waiting(signal?: AbortSignal) {
    const seen: string[] = [];
    const stream = stoppableStream(signal, async function* (signal) {
      try {
        yield 'first';
        yield await waitForAbort(signal);
      } finally {
        seen.push('cleaned up');
      }
    });
    return { stream, seen };
  }

  it('runs the cleanup of its source when the reader leaves while it waits', async () => {
    const { stream, seen } = waiting();
    await stream.next();
    const pending = stream.next();
    await setImmediate();
    await Promise.all([stream.return(), expect(pending).rejects.toMatchObject({ name: 'AbortError' })]);
    expect(seen).toEqual(['cleaned up']);
  });

  it('runs it when the signal aborts', async () => {
    const stop = new AbortController();
    const { stream, seen } = waiting(stop.signal);
    await stream.next();
    const pending = stream.next();
    await setImmediate();
    stop.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual(['cleaned up']);
  });

  it('starts nothing when it is left unread', async () => {
    const { stream, seen } = waiting();
    await stream.return();
    expect(seen).toEqual([]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe('inOrderOfArrival', () => {
  it('yields each result once, never runs more than its limit, and starts no more than is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), async (items, limit) => {
        let [running, most] = [0, 0];
        const results: number[] = [];
        const stream = inOrderOfArrival([...items.entries()], limit, async ([index, turns]) => {
          running += 1;
          most = Math.max(most, running);
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          running -= 1;
          return index;
        });
        for await (const index of stream) results.push(index);
        expect(results.toSorted((a, b) => a - b)).toEqual([...items.keys()]);
        expect(most).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('lets a quick one pass a slow one', async () => {
    let finish = (): void => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const stream = inOrderOfArrival(['slow', 'quick'], 2, async (name) => {
      if (name === 'slow') await slow;
      return name;
    });
    expect((await stream.next()).value).toBe('quick');
    finish();
    expect((await stream.next()).value).toBe('slow');
  });

  it('starts nothing new once its reader has left', async () => {
    const started: number[] = [];
    const stream = inOrderOfArrival([0, 1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      return item;
    });
    await stream.next();
    await stream.return();
    expect(started).toEqual([0, 1]);
  });
});

describe('createChangeHub', () => {
  const content = (repository: string): Change => ({ area: 'content', registryId: 'local', repository });

  it('is ready first, then tells what happens from there on', async () => {
    const hub = createChangeHub();
    hub.publish({ area: 'settings' });
    const watch = hub.watch(never);
    expect((await watch.next()).value).toEqual({ area: 'ready' });
    const next = watch.next();
    hub.publish({ area: 'pins' });
    expect((await next).value).toEqual({ area: 'pins' });
    await watch.return();
  });

  it('tells a change once that happens often before it is read', async () => {
    const hub = createChangeHub();
    const watch = hub.watch(never);
    await watch.next();
    for (let count = 0; count < 100; count += 1) {
      hub.publish({ area: 'pins' });
      hub.publish(content('a'));
    }
    expect([(await watch.next()).value, (await watch.next()).value]).toEqual([{ area: 'pins' }, content('a')]);
    const next = watch.next();
    hub.publish(content('b'));
    expect((await next).value).toEqual(content('b'));
    await watch.return();
  });

  it('gives a watcher that is too slow ready again instead of a queue without end', async () => {
    const hub = createChangeHub();
    const watch = hub.watch(never);
    await watch.next();
    for (let count = 0; count < 100_000; count += 1) hub.publish(content(`repo-${count}`));
    const seen: Change[] = [];
    const stop = watch.next();
    seen.push((await stop).value as Change);
    expect(seen).toEqual([{ area: 'ready' }]);
    await watch.return();
  });

  it('keeps no watcher that has left, was aborted, or was never read', async () => {
    const hub = createChangeHub();
    const stop = new AbortController();
    const [left, aborted] = [hub.watch(never), hub.watch(stop.signal)];
    hub.watch(never);
    await left.next();
    await aborted.next();
    expect(hub.watcherCount()).toBe(2);
    await left.return();
    const pending = aborted.next();
    stop.abort();
    expect((await pending).done).toBe(true);
    expect(hub.watcherCount()).toBe(0);
  });

  it('ends every watch when closed', async () => {
    const hub = createChangeHub();
    const watch = hub.watch(never);
    await watch.next();
    const pending = watch.next();
    hub.close();
    expect((await pending).done).toBe(true);
    expect((await hub.watch(never).next()).done).toBe(true);
    expect(hub.watcherCount()).toBe(0);
  });
});
