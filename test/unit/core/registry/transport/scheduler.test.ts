import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '#main/core/registry/registry-client.ts';
import { type AcquireOptions, createScheduler } from '#main/core/registry/transport/scheduler.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const create = (perHost: number) => createScheduler({ perHost, clock: createTestClock() });

describe('createScheduler', () => {
  it('lets six in and the rest in their order', async () => {
    const scheduler = create(6);
    const entered: number[] = [];
    const held = Array.from({ length: 9 }, async (_, index) => {
      const release = await scheduler.acquire('host');
      entered.push(index);
      return release;
    });
    const [first, second] = await Promise.all(held.slice(0, 6));
    expect(entered).toEqual([0, 1, 2, 3, 4, 5]);
    first?.();
    second?.();
    await Promise.all(held.slice(6, 8));
    expect(entered).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(scheduler.load('host')).toEqual({ active: 6, waiting: 1 });
  });

  it('counts a release only once', async () => {
    const scheduler = create(1);
    const release = await scheduler.acquire('host');
    const next = scheduler.acquire('host');
    release();
    release();
    await next;
    expect(scheduler.load('host')).toEqual({ active: 1, waiting: 0 });
  });

  it('keeps hosts apart', async () => {
    const scheduler = create(1);
    await scheduler.acquire('slow');
    await expect(scheduler.acquire('quick')).resolves.toBeTypeOf('function');
  });

  it('takes an aborted waiter out and rejects it with the reason', async () => {
    const scheduler = create(1);
    await scheduler.acquire('host');
    const controller = new AbortController();
    const waiting = scheduler.acquire('host', { signal: controller.signal });
    controller.abort('gone');
    await expect(waiting).rejects.toBe('gone');
    await expect(scheduler.acquire('host', { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(scheduler.load('host')).toEqual({ active: 1, waiting: 0 });
  });

  it('never lets more in than it may, and loses no place, in any order of acquire, abort and release', async () => {
    const step = fc.constantFrom<'abort' | 'release' | Priority>('open', 'visible', 'background', 'abort', 'release');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const scheduler = create(3);
        const releases: (() => void)[] = [];
        const controllers: AbortController[] = [];
        for (const each of steps) {
          if (each !== 'abort' && each !== 'release') {
            const priority = each;
            const controller = new AbortController();
            controllers.push(controller);
            scheduler.acquire('h', { signal: controller.signal, priority }).then(
              (release) => releases.push(release),
              () => undefined,
            );
          } else if (each === 'abort') controllers.shift()?.abort();
          else releases.shift()?.();
          await Promise.resolve();
          expect(scheduler.load('h').active).toBeLessThanOrEqual(3);
        }
        for (const controller of controllers) controller.abort();
        await Promise.resolve();
        for (const release of releases) release();
        expect(scheduler.load('h')).toEqual({ active: 0, waiting: 0 });
      }),
    );
  });
});

/** Asks for places in lanes and notes in which order they are given. */
function queueUp(scheduler: ReturnType<typeof create>) {
  const entered: string[] = [];
  const releases: (() => void)[] = [];
  const ask = (name: string, priority: Priority) => {
    const wait = async () => {
      const release = await scheduler.acquire('host', { priority });
      entered.push(name);
      releases.push(release);
    };
    void wait();
  };
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  /** Gives back the oldest place. */
  const release = async () => {
    releases.shift()?.();
    await settle();
  };
  return { entered, ask, release, settle };
}

describe('lanes', () => {
  it('let what a person opened go before what is on screen, and that before the rest', async () => {
    const { entered, ask, release, settle } = queueUp(create(2));
    ask('first', 'open');
    ask('second', 'open');
    for (const lane of ['background', 'visible', 'open'] as const) ask(lane, lane);
    await settle();
    for (let times = 0; times < 4; times += 1) await release();
    expect(entered).toEqual(['first', 'second', 'open', 'visible', 'background']);
  });

  it('keep one place for what a person opens', async () => {
    const { entered, ask, settle } = queueUp(create(6));
    for (let index = 0; index < 10; index += 1) ask(`row ${index}`, 'visible');
    ask('click', 'open');
    await settle();
    expect(entered).toEqual(['row 0', 'row 1', 'row 2', 'row 3', 'row 4', 'click']);
  });

  it('use a single place for all', async () => {
    const { entered, ask, settle } = queueUp(create(1));
    ask('row', 'background');
    await settle();
    expect(entered).toEqual(['row']);
  });

  it('starve nobody: one of four places goes to a lane that was passed over three times', async () => {
    const { entered, ask, release, settle } = queueUp(create(2));
    ask('a', 'open');
    ask('b', 'open');
    for (let index = 0; index < 20; index += 1) ask('open', 'open');
    for (let index = 0; index < 4; index += 1) ask('visible', 'visible');
    for (let index = 0; index < 4; index += 1) ask('background', 'background');
    await settle();
    for (let index = 0; index < 12; index += 1) await release();
    const next = entered.slice(2, 10);
    expect(next.slice(0, 4)).toEqual(['open', 'open', 'open', 'visible']);
    expect(next.filter((lane) => lane === 'background')).toHaveLength(1);
    expect(next.filter((lane) => lane === 'open')).toHaveLength(6);
  });
});

describe('a pause', () => {
  it('lets nobody in before its time, on its host alone', async () => {
    const clock = createTestClock();
    const scheduler = createScheduler({ perHost: 2, clock });
    const wait = { untilMs: clock.now() + 2000, reason: 'HTTP 429' };
    scheduler.pause('host', wait);
    scheduler.pause('host', { untilMs: clock.now() + 1000, reason: 'shorter' });
    expect(scheduler.pauseOf('host')).toBe(wait);
    let entered = 0;
    for (let index = 0; index < 3; index += 1) void scheduler.acquire('host').then(() => (entered += 1));
    await expect(scheduler.acquire('other')).resolves.toBeTypeOf('function');
    await clock.advance(1999);
    expect(entered).toBe(0);
    await clock.advance(1);
    expect(entered).toBe(2);
    expect(scheduler.pauseOf('host')).toBeUndefined();
  });

  it('can be left', async () => {
    const clock = createTestClock();
    const scheduler = createScheduler({ perHost: 2, clock });
    scheduler.pause('host', { untilMs: clock.now() + 2000, reason: '' });
    const controller = new AbortController();
    const waiting = scheduler.acquire('host', { signal: controller.signal });
    controller.abort('gone');
    await expect(waiting).rejects.toBe('gone');
    expect(scheduler.load('host')).toEqual({ active: 0, waiting: 0 });
  });

  it('grows longer when the server asks again', async () => {
    const clock = createTestClock();
    const scheduler = createScheduler({ perHost: 1, clock });
    scheduler.pause('host', { untilMs: clock.now() + 1000, reason: '' });
    await clock.advance(500);
    scheduler.pause('host', { untilMs: clock.now() + 1000, reason: '' });
    let entered = false;
    void scheduler.acquire('host').then(() => (entered = true));
    await clock.advance(900);
    expect(entered).toBe(false);
    await clock.advance(100);
    expect(entered).toBe(true);
  });
});

describe('the places of transfers', () => {
  const hold = (scheduler: ReturnType<typeof create>, count: number, options: AcquireOptions) => {
    let entered = 0;
    for (let index = 0; index < count; index += 1) void scheduler.acquire('host', options).then(() => (entered += 1));
    return () => entered;
  };
  const settle = () => new Promise((resolve) => void setImmediate(resolve));

  it('are not those of who browses, and theirs are not a transfer’s', async () => {
    const scheduler = create(6);
    const transfers = hold(scheduler, 200, { priority: 'transfer' });
    const browsing = hold(scheduler, 10, {});
    await settle();
    expect([transfers(), browsing()]).toEqual([64, 6]);
    expect(scheduler.load('host')).toEqual({ active: 70, waiting: 140 });
  });

  it('are others for what is uploaded and downloaded, so that neither waits for the other, nor anything small', async () => {
    const scheduler = create(6);
    const counts = [
      hold(scheduler, 100, { priority: 'transfer', bulk: 'upload' }),
      hold(scheduler, 100, { priority: 'transfer', bulk: 'download' }),
      hold(scheduler, 3, { priority: 'transfer' }),
    ];
    await settle();
    expect(counts.map((count) => count())).toEqual([64, 64, 3]);
  });

  it('are used by every upload, and by no download of who browses', async () => {
    const scheduler = create(6);
    const upload = hold(scheduler, 10, { bulk: 'upload' });
    const download = hold(scheduler, 10, { bulk: 'download' });
    await settle();
    expect([upload(), download()]).toEqual([10, 6]);
  });

  it('stand still with all others while the host is paused', async () => {
    const clock = createTestClock();
    const scheduler = createScheduler({ perHost: 6, clock });
    scheduler.pause('host', { untilMs: clock.now() + 2000, reason: 'HTTP 429' });
    const counts = [
      hold(scheduler, 1, { priority: 'transfer' }),
      hold(scheduler, 1, { bulk: 'upload' }),
      hold(scheduler, 1, { priority: 'transfer', bulk: 'download' }),
    ];
    await clock.advance(1999);
    expect(counts.map((count) => count())).toEqual([0, 0, 0]);
    await clock.advance(1);
    expect(counts.map((count) => count())).toEqual([1, 1, 1]);
  });
});
