import { describe, expect, it } from 'vitest';
import { type JobEnd, JobQueue, type JobState, type JobStopped } from '#main/core/jobs/job-queue.ts';

const settle = () => new Promise((resolve) => void setImmediate(resolve));

/** A queue whose jobs end when the test says so, and reject when they are stopped. */
function queueWithNotes(maxRunning = 2) {
  const states: string[] = [];
  const running = new Map<string, (end: JobEnd) => void>();
  const stops: string[] = [];
  const cleaned: string[] = [];
  let orders = 0;
  const queue = new JobQueue({
    maxRunning,
    run: (jobId, signal) =>
      new Promise((resolve, reject) => {
        running.set(jobId, (end) => {
          running.delete(jobId);
          resolve(end);
        });
        signal.addEventListener('abort', () => {
          running.delete(jobId);
          stops.push(`${jobId} ${(signal.reason as JobStopped).why}`);
          reject(signal.reason as Error);
        });
      }),
    cleanUp: (jobId) => {
      cleaned.push(jobId);
      return Promise.resolve();
    },
    onState: (jobId, state: JobState, error) =>
      states.push(error === undefined ? `${jobId} ${state}` : `${jobId} ${state} ${(error as Error).message}`),
    onOrder: () => {
      orders += 1;
    },
  });
  const end = async (jobId: string, how: JobEnd = { state: 'done' }) => {
    running.get(jobId)!(how);
    await settle();
  };
  return { queue, states, running, stops, cleaned, end, orders: () => orders };
}

describe('JobQueue', () => {
  it('runs so many at once, in order, and the next when one ends', async () => {
    const { queue, running, end } = queueWithNotes();
    for (const jobId of ['a', 'b', 'c', 'd']) queue.add(jobId, 'queued');
    expect([...running.keys()]).toEqual(['a', 'b']);
    await end('a');
    expect([...running.keys()]).toEqual(['b', 'c']);
    expect(queue.stateOf('a')).toBe('done');
  });

  it('starts nothing that is paused, ended or in conflict', () => {
    const { queue, running } = queueWithNotes(10);
    for (const state of ['paused', 'done', 'failed', 'cancelled', 'conflict'] as const) queue.add(state, state);
    expect(running.size).toBe(0);
  });

  it('pauses what runs when its work has settled, and what waits at once', async () => {
    const { queue, states, stops } = queueWithNotes(1);
    queue.add('a', 'queued');
    queue.add('b', 'queued');
    expect(queue.pause('a')).toBe(true);
    expect(queue.pause('b')).toBe(true);
    await settle();
    expect(stops).toEqual(['a pause']);
    expect(states).toEqual(['a running', 'a pausing', 'b paused', 'a paused']);
    expect(queue.pause('a')).toBe(false);
  });

  it('lets the next run while one is paused, and resumes at its place', async () => {
    const { queue, running, end } = queueWithNotes(1);
    queue.add('a', 'queued');
    queue.add('b', 'queued');
    queue.pause('a');
    await settle();
    expect([...running.keys()]).toEqual(['b']);
    expect(queue.resume('a')).toBe(true);
    expect(queue.resume('a')).toBe(false);
    await end('b');
    expect([...running.keys()]).toEqual(['a']);
  });

  it('cancels what runs, cleans up after it, and says so last', async () => {
    const { queue, states, cleaned, stops } = queueWithNotes();
    queue.add('a', 'queued');
    expect(await queue.cancel('a')).toBe(true);
    expect(stops).toEqual(['a cancel']);
    expect(cleaned).toEqual(['a']);
    expect(states).toEqual(['a running', 'a cancelled']);
    expect(await queue.cancel('a')).toBe(false);
  });

  it.each(['queued', 'paused', 'failed', 'conflict'] as const)('cancels what is %s', async (state) => {
    const { queue, cleaned } = queueWithNotes(0);
    queue.add('a', state);
    expect(await queue.cancel('a')).toBe(true);
    expect(queue.stateOf('a')).toBe('cancelled');
    expect(cleaned).toEqual(['a']);
  });

  it('cancels what is about to pause', async () => {
    const { queue, states } = queueWithNotes();
    queue.add('a', 'queued');
    queue.pause('a');
    expect(await queue.cancel('a')).toBe(true);
    expect(states.at(-1)).toBe('a cancelled');
  });

  it('leaves done what was done when the stop came', async () => {
    const states: string[] = [];
    const queue = new JobQueue({
      maxRunning: 1,
      run: (_jobId, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ state: 'done' }))),
      cleanUp: () => Promise.resolve(),
      onState: (_jobId, state) => states.push(state),
      onOrder: () => undefined,
    });
    queue.add('a', 'queued');
    expect(await queue.cancel('a')).toBe(false);
    expect(states).toEqual(['running', 'done']);
  });

  it('keeps why a job failed, also when its work threw', async () => {
    const { queue, states, end } = queueWithNotes();
    queue.add('a', 'queued');
    await end('a', { state: 'failed', error: new Error('why') });
    expect(states.at(-1)).toBe('a failed why');
    const throwing = new JobQueue({
      maxRunning: 1,
      run: () => Promise.reject(new Error('thrown')),
      cleanUp: () => Promise.resolve(),
      onState: (jobId, state, error) => states.push(`${jobId} ${state} ${error instanceof Error ? error.message : ''}`),
      onOrder: () => undefined,
    });
    throwing.add('b', 'queued');
    await settle();
    expect(states.at(-1)).toBe('b failed thrown');
  });

  it.each(['failed', 'cancelled', 'conflict'] as const)('begins again what is %s', (state) => {
    const { queue, running } = queueWithNotes();
    queue.add('a', state);
    expect(queue.retry('a')).toBe(true);
    expect([...running.keys()]).toEqual(['a']);
  });

  it('does not begin again what is done or under way', () => {
    const { queue } = queueWithNotes();
    queue.add('done', 'done');
    queue.add('running', 'queued');
    expect([queue.retry('done'), queue.retry('running'), queue.retry('nobody')]).toEqual([false, false, false]);
  });

  it('moves what waits, and starts in the new order', async () => {
    const { queue, running, end, orders } = queueWithNotes(1);
    for (const jobId of ['a', 'b', 'c']) queue.add(jobId, 'queued');
    queue.add('old', 'done');
    expect(queue.move('c', 0)).toBe(true);
    expect(queue.order).toEqual(['c', 'a', 'b', 'old']);
    expect(orders()).toBe(1);
    await end('a');
    expect([...running.keys()]).toEqual(['c']);
    expect(queue.move('b', 99)).toBe(true);
    expect(queue.order.at(-1)).not.toBe('b');
    expect(queue.move('old', 0)).toBe(false);
  });

  it('forgets only what has ended', async () => {
    const { queue, end } = queueWithNotes();
    queue.add('a', 'queued');
    expect(queue.remove('a')).toBe(false);
    await end('a');
    expect(queue.remove('a')).toBe(true);
    expect(queue.order).toEqual([]);
    expect(queue.stateOf('a')).toBeUndefined();
  });

  it('stops everything when it closes, waits for it, and changes no state', async () => {
    const { queue, states, stops } = queueWithNotes();
    queue.add('a', 'queued');
    queue.add('b', 'queued');
    queue.add('c', 'queued');
    await queue.close();
    expect(stops).toEqual(['a shutdown', 'b shutdown']);
    expect(states).toEqual(['a running', 'b running']);
    expect(queue.stateOf('c')).toBe('queued');
  });
});
