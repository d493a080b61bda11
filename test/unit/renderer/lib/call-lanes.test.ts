import { describe, expect, test } from 'vitest';
import { inLane } from '#renderer/lib/call-lanes.ts';

function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const settle = () => new Promise<void>((done) => setImmediate(done));

describe('call lanes', () => {
  test('one registry gets six calls at once, another is not held up by it', async () => {
    const gate = deferred();
    const { signal } = new AbortController();
    let started = 0;
    const call = async () => {
      started += 1;
      await gate.promise;
    };
    const calls = Array.from({ length: 10 }, () => inLane('busy', signal, call));
    await settle();
    expect(started).toBe(6);
    await inLane('other', signal, async () => {});
    gate.resolve();
    await Promise.all(calls);
    expect(started).toBe(10);
  });

  test('a call nobody waits for any more is never made', async () => {
    const gate = deferred();
    const { signal } = new AbortController();
    const blockers = Array.from({ length: 6 }, () => inLane('queue', signal, () => gate.promise));
    const leaving = new AbortController();
    let isMade = false;
    const waiting = inLane('queue', leaving.signal, async () => {
      isMade = true;
    });
    leaving.abort();
    gate.resolve();
    await expect(waiting).rejects.toThrow('aborted');
    await Promise.all(blockers);
    expect(isMade).toBe(false);
  });
});
