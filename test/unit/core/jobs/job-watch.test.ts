import { describe, expect, it } from 'vitest';
import { createJobWatch } from '#main/core/jobs/job-watch.ts';
import { createRate } from '#main/core/jobs/rate.ts';
import { createTestClock, type TestClock } from '#test/support/test-clock.ts';

/** Reads a watch into a list, as fast as it comes. */
function collect<T>(stream: AsyncGenerator<T>) {
  const events: T[] = [];
  let isOver = false;
  void (async () => {
    for await (const event of stream) events.push(event);
    isOver = true;
  })();
  return { events, isOver: () => isOver };
}

describe('createJobWatch', () => {
  const start = async (clock: TestClock = createTestClock()) => {
    const stop = new AbortController();
    const jobWatch = createJobWatch(clock);
    const watched = collect(jobWatch.watch(stop.signal));
    await clock.settle();
    return { clock, stop, jobWatch, ...watched };
  };

  it('tells the whole first, then what changed', async () => {
    const { clock, jobWatch, events } = await start();
    await clock.advance(100);
    jobWatch.changed('a');
    jobWatch.removed('b');
    await clock.settle();
    expect(events).toEqual([{ kind: 'snapshot' }, { kind: 'update', changed: ['a'], removed: ['b'] }]);
  });

  it('tells what happens within a tenth of a second together', async () => {
    const { clock, jobWatch, events } = await start();
    for (let index = 0; index < 100; index += 1) {
      jobWatch.changed(`job ${index % 3}`);
      await clock.advance(10);
    }
    await clock.advance(100);
    expect(events.length).toBeLessThanOrEqual(12);
    expect(events[2]).toEqual({ kind: 'update', changed: ['job 1', 'job 2', 'job 0'], removed: [] });
  });

  it('does not tell of a removed job that it changed', async () => {
    const { clock, jobWatch, events } = await start();
    await clock.advance(100);
    jobWatch.changed('a');
    jobWatch.removed('a');
    await clock.settle();
    expect(events[1]).toEqual({ kind: 'update', changed: [], removed: ['a'] });
  });

  it('tells the whole again after a change of the order, and to who has missed much', async () => {
    const { clock, jobWatch, events } = await start();
    await clock.advance(100);
    jobWatch.reordered();
    await clock.advance(100);
    for (let index = 0; index < 201; index += 1) jobWatch.changed(`job ${index}`);
    await clock.settle();
    expect(events).toEqual([{ kind: 'snapshot' }, { kind: 'snapshot' }, { kind: 'snapshot' }]);
  });

  it('ends for one who leaves, and for all when it closes', async () => {
    const { clock, stop, jobWatch, isOver } = await start();
    const other = collect(jobWatch.watch(new AbortController().signal));
    stop.abort();
    await clock.settle();
    expect([isOver(), other.isOver()]).toEqual([true, false]);
    jobWatch.close();
    await clock.settle();
    expect(other.isOver()).toBe(true);
    const late = collect(jobWatch.watch(new AbortController().signal));
    await clock.settle();
    expect(late.isOver()).toBe(true);
  });

  it('tells of one job only what concerns it, and ends when that is removed', async () => {
    const clock = createTestClock();
    const jobWatch = createJobWatch(clock);
    const one = collect(jobWatch.watchOne('a', new AbortController().signal));
    await clock.advance(100);
    jobWatch.changed('b');
    await clock.advance(100);
    expect(one.events).toHaveLength(1);
    jobWatch.changed('a');
    await clock.advance(100);
    expect(one.events).toHaveLength(2);
    jobWatch.removed('a');
    await clock.settle();
    expect(one.isOver()).toBe(true);
  });
});

describe('the end of a job', () => {
  const watched = async () => {
    const clock = createTestClock();
    const jobWatch = createJobWatch(clock);
    const one = collect(jobWatch.watchOne('a', new AbortController().signal, 1000));
    const all = collect(jobWatch.watch(new AbortController().signal));
    await clock.settle();
    return { clock, jobWatch, one, all };
  };

  it('is told without a pause to who watches just that one, and at the pace to others', async () => {
    const { clock, jobWatch, one, all } = await watched();
    jobWatch.changed('a');
    await clock.settle();
    expect([one.events.length, all.events.length]).toEqual([1, 1]);
    jobWatch.ended('a');
    await clock.settle();
    expect([one.events.length, all.events.length]).toEqual([2, 1]);
    await clock.advance(100);
    expect(all.events[1]).toEqual({ kind: 'update', changed: ['a'], removed: [] });
  });

  it('of another one ends no pause', async () => {
    const { clock, jobWatch, one } = await watched();
    jobWatch.changed('a');
    jobWatch.ended('b');
    await clock.settle();
    expect(one.events).toHaveLength(1);
    await clock.advance(1000);
    expect(one.events).toHaveLength(2);
  });

  it('hurries one pause only', async () => {
    const { clock, jobWatch, one } = await watched();
    jobWatch.ended('a');
    await clock.settle();
    expect(one.events).toHaveLength(2);
    jobWatch.changed('a');
    await clock.settle();
    expect(one.events).toHaveLength(2);
    await clock.advance(1000);
    expect(one.events).toHaveLength(3);
  });

  it('is told without a pause when it comes while the reader is busy', async () => {
    const clock = createTestClock();
    const jobWatch = createJobWatch(clock);
    const stream = jobWatch.watchOne('a', new AbortController().signal, 1000);
    await stream.next();
    jobWatch.ended('a');
    const next = stream.next();
    await clock.settle();
    const outcome = await Promise.race([next.then(() => 'told'), clock.settle().then(() => 'paused')]);
    expect(outcome).toBe('told');
  });
});

describe('createRate', () => {
  it('is the mean of what came in the window', async () => {
    const clock = createTestClock();
    const rate = createRate(clock);
    expect(rate.perSecond()).toBeUndefined();
    for (let second = 0; second < 20; second += 1) {
      for (let step = 0; step < 10; step += 1) {
        rate.add(100);
        await clock.advance(100);
      }
    }
    expect(rate.perSecond()).toBeCloseTo(1000, -2);
  });

  it('falls when nothing comes any more, and is nothing after the window', async () => {
    const clock = createTestClock();
    const rate = createRate(clock);
    rate.add(8000);
    await clock.advance(4000);
    expect(rate.perSecond()).toBe(2000);
    await clock.advance(5000);
    expect(rate.perSecond()).toBeUndefined();
  });

  it('does not jump for the first bytes', () => {
    const rate = createRate(createTestClock());
    rate.add(1000);
    expect(rate.perSecond()).toBe(2000);
  });
});
