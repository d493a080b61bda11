import { describe, expect, it } from 'vitest';
import { boundStore } from '#main/core/credentials/bounded-store.ts';
import type { CredentialStore } from '#main/core/ports.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const LATE = { kind: 'credential-store', reason: 'the keychain did not answer within 60 seconds' };

type Call = PromiseWithResolvers<void> & { readonly text: string };

/** A keychain whose calls end when a test says so, and a store over it. */
function setUp() {
  const clock = createTestClock();
  const calls: Call[] = [];
  const secrets = new Map<string, string>();
  const call = async <T>(text: string, work: () => T): Promise<T> => {
    const running = { ...Promise.withResolvers<void>(), text };
    calls.push(running);
    await running.promise;
    return work();
  };
  const keychain: CredentialStore = {
    status: { kind: 'keychain', name: 'Test' },
    get: (account) => call(`get ${account}`, () => secrets.get(account)),
    set: (account, secret) => call(`set ${account}`, () => void secrets.set(account, secret)),
    delete: (account) => call(`delete ${account}`, () => secrets.delete(account)),
  };
  const texts = () => calls.map(({ text }) => text);
  return { clock, calls, texts, secrets, store: boundStore(keychain, clock) };
}

/** What it rejects with, kept until it is wanted. */
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('boundStore', () => {
  it('asks the keychain for one thing at a time, in order', async () => {
    const { calls, texts, store, clock } = setUp();
    const asked = [store.set('a', '1'), store.get('a'), store.delete('a')] as const;
    for (const count of [1, 2, 3]) {
      await clock.settle();
      expect(texts()).toHaveLength(count);
      calls.at(-1)?.resolve();
    }
    expect(await Promise.all(asked)).toEqual([undefined, '1', true]);
    expect(texts()).toEqual(['set a', 'get a', 'delete a']);
    expect(store.status).toEqual({ kind: 'keychain', name: 'Test' });
  });

  it('gives a person a minute to type a password, and no longer', async () => {
    const { calls, store, clock } = setUp();
    const typed = store.get('a');
    await clock.advance(59_000);
    calls[0]?.resolve();
    expect(await typed).toBeUndefined();
    const waiting = failureOf(store.get('a'));
    await clock.advance(60_000);
    expect(await waiting).toMatchObject(LATE);
  });

  it('says so at once to everybody who comes while it still does not answer, and asks it no more', async () => {
    const { calls, texts, store, clock } = setUp();
    const first = failureOf(store.get('a'));
    await clock.advance(60_000);
    expect(await first).toMatchObject(LATE);
    for (const call of [store.get('b'), store.set('b', '2'), store.delete('b')]) {
      await expect(call).rejects.toMatchObject(LATE);
    }
    expect(texts()).toEqual(['get a']);
    calls[0]?.resolve();
    await clock.settle();
    const again = store.get('c');
    await clock.settle();
    calls[1]?.resolve();
    expect(await again).toBeUndefined();
  });

  it('never does later what its caller was told had failed', async () => {
    const { calls, texts, secrets, store, clock } = setUp();
    const first = failureOf(store.get('a'));
    await clock.settle();
    const second = failureOf(store.set('a', 'out of date'));
    await clock.advance(60_000);
    expect([await first, await second]).toMatchObject([LATE, LATE]);
    calls[0]?.resolve();
    await clock.settle();
    expect(texts()).toEqual(['get a']);
    expect(secrets.size).toBe(0);
  });

  it('passes on what the keychain fails with, and asks it again', async () => {
    const { calls, store, clock } = setUp();
    const failing = failureOf(store.get('a'));
    await clock.settle();
    calls[0]?.reject(new Error('locked'));
    expect(await failing).toMatchObject({ message: 'locked' });
    const again = store.get('a');
    await clock.settle();
    calls[1]?.resolve();
    expect(await again).toBeUndefined();
  });
});
