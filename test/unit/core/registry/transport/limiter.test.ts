import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '#main/core/registry/transport/limiter.ts';

describe('createLimiter', () => {
  it('lets six in and the rest in their order', async () => {
    const limiter = createLimiter(6);
    const entered: number[] = [];
    const held = Array.from({ length: 9 }, async (_, index) => {
      const release = await limiter.acquire('host');
      entered.push(index);
      return release;
    });
    const [first, second] = await Promise.all(held.slice(0, 6));
    expect(entered).toEqual([0, 1, 2, 3, 4, 5]);
    first?.();
    second?.();
    await Promise.all(held.slice(6, 8));
    expect(entered).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(limiter.load('host')).toEqual({ active: 6, waiting: 1 });
  });

  it('counts a release only once', async () => {
    const limiter = createLimiter(1);
    const release = await limiter.acquire('host');
    const next = limiter.acquire('host');
    release();
    release();
    await next;
    expect(limiter.load('host')).toEqual({ active: 1, waiting: 0 });
  });

  it('keeps hosts apart', async () => {
    const limiter = createLimiter(1);
    await limiter.acquire('slow');
    await expect(limiter.acquire('quick')).resolves.toBeTypeOf('function');
  });

  it('takes an aborted waiter out and rejects it with the reason', async () => {
    const limiter = createLimiter(1);
    await limiter.acquire('host');
    const controller = new AbortController();
    const waiting = limiter.acquire('host', controller.signal);
    controller.abort('gone');
    await expect(waiting).rejects.toBe('gone');
    await expect(limiter.acquire('host', AbortSignal.abort('before'))).rejects.toBe('before');
    expect(limiter.load('host')).toEqual({ active: 1, waiting: 0 });
  });

  it('never lets more in than it may, and loses no place, in any order of acquire, abort and release', async () => {
    const step = fc.constantFrom('acquire', 'abort', 'release');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const limiter = createLimiter(3);
        const releases: (() => void)[] = [];
        const controllers: AbortController[] = [];
        for (const each of steps) {
          if (each === 'acquire') {
            const controller = new AbortController();
            controllers.push(controller);
            limiter.acquire('h', controller.signal).then(
              (release) => releases.push(release),
              () => undefined,
            );
          } else if (each === 'abort') controllers.shift()?.abort();
          else releases.shift()?.();
          await Promise.resolve();
          expect(limiter.load('h').active).toBeLessThanOrEqual(3);
        }
        for (const controller of controllers) controller.abort();
        await Promise.resolve();
        for (const release of releases) release();
        expect(limiter.load('h')).toEqual({ active: 0, waiting: 0 });
      }),
    );
  });
});
