import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLongSecrets } from '#main/core/credentials/split-store.ts';
import { flakyStore } from '#test/support/flaky-store.ts';

const ACCOUNT = 'registry.example.com, client key · ab12cd';

function setUp(maxBytes = 10) {
  const inner = flakyStore();
  return { inner, store: splitLongSecrets(inner, maxBytes) };
}

describe('splitLongSecrets', () => {
  it('keeps a secret that fits as it is, under its own name', async () => {
    const { inner, store } = setUp();
    await store.set(ACCOUNT, '0123456789');
    expect([...inner.accounts]).toEqual([ACCOUNT]);
    expect(await inner.get(ACCOUNT)).toBe('0123456789');
  });

  it('gives back every secret, in entries of no more bytes than fit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 40 }), async (secret, maxBytes) => {
        const { inner, store } = setUp(maxBytes);
        await store.set(ACCOUNT, secret);
        expect(await store.get(ACCOUNT)).toBe(secret);
        const parts = [...inner.accounts].filter((name) => name !== ACCOUNT);
        const sizes = await Promise.all(parts.map(async (name) => Buffer.byteLength((await inner.get(name)) ?? '')));
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxBytes);
        expect(await store.delete(ACCOUNT)).toBe(true);
        expect(inner.accounts.size).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves nothing of a longer secret behind when a shorter one takes its place', async () => {
    const { inner, store } = setUp();
    await store.set(ACCOUNT, 'x'.repeat(45));
    expect(inner.accounts.size).toBe(6);
    await store.set(ACCOUNT, 'y'.repeat(15));
    expect(inner.accounts.size).toBe(3);
    await store.set(ACCOUNT, 'z');
    expect([...inner.accounts]).toEqual([ACCOUNT]);
    expect(await store.get(ACCOUNT)).toBe('z');
  });

  it('gives no half of a secret whose write was cut short', async () => {
    const { inner, store } = setUp();
    await store.set(ACCOUNT, 'x'.repeat(45));
    await inner.set(`${ACCOUNT} · part 2`, 'of another');
    await expect(store.get(ACCOUNT)).rejects.toMatchObject({ kind: 'credential-store' });
    expect(await store.delete(ACCOUNT)).toBe(true);
    expect(inner.accounts.size).toBe(0);
  });

  it('takes a secret that looks like its own notes for a secret', async () => {
    const { store } = setUp(1000);
    for (const secret of ['{"gantryParts"', '{"gantryParts":"x"}', '{"gantryParts":-1,"sha256":""}']) {
      await store.set(ACCOUNT, secret);
      expect(await store.get(ACCOUNT)).toBe(secret);
    }
    expect(await store.get('unknown')).toBeUndefined();
    expect(await store.delete('unknown')).toBe(false);
  });
});
