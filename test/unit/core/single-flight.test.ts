import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '#main/core/single-flight.ts';

const deferred = <T>() => Promise.withResolvers<T>();

describe('createSingleFlight', () => {
  it('runs the work once for all who ask meanwhile, and again for who asks later', async () => {
    const flights = createSingleFlight<number>();
    let runs = 0;
    const work = () => Promise.resolve((runs += 1));
    expect(await Promise.all([flights.run('k', work), flights.run('k', work), flights.run('other', work)])).toEqual([
      1, 1, 2,
    ]);
    expect(await flights.run('k', work)).toBe(3);
  });

  it('fails all with the same error, and starts afresh afterwards', async () => {
    const flights = createSingleFlight<number>();
    const failing = () => Promise.reject(new Error('no'));
    const both = await Promise.allSettled([flights.run('k', failing), flights.run('k', failing)]);
    expect(both.map((each) => each.status)).toEqual(['rejected', 'rejected']);
    expect(await flights.run('k', () => Promise.resolve(1))).toBe(1);
  });

  it('aborts the work only when the last who waits has left', async () => {
    const flights = createSingleFlight<number>();
    const { promise, resolve } = deferred<number>();
    let aborted = false;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return promise;
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const left = flights.run('k', work, first.signal);
    const stays = flights.run('k', work, second.signal);
    first.abort('left');
    await expect(left).rejects.toBe('left');
    expect(aborted).toBe(false);
    second.abort('left too');
    await expect(stays).rejects.toBe('left too');
    expect(aborted).toBe(true);
    resolve(1);
  });

  it('does not hand a newcomer work that was aborted', async () => {
    const flights = createSingleFlight<string>();
    const controller = new AbortController();
    const never = flights.run('k', () => deferred<string>().promise, controller.signal);
    controller.abort('left');
    await expect(never).rejects.toBe('left');
    await expect(flights.run('k', () => Promise.resolve('new'))).resolves.toBe('new');
  });
});
