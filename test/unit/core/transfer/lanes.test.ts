import { describe, expect, it } from 'vitest';
import { createAdaptiveLimit } from '#main/core/transfer/run/adaptive-limit.ts';
import { createLanes, SMALL_BYTES } from '#main/core/transfer/run/lanes.ts';
import type { LaneOutcome } from '#main/core/transfer/run/size-queue.ts';

const LARGE = SMALL_BYTES + 1;
const settle = () => new Promise((resolve) => void setImmediate(resolve));

/** Lanes with somebody who notes who got in, by name. */
function lanesWithNotes() {
  const lanes = createLanes();
  const entered: string[] = [];
  const leave = new Map<string, (outcome?: LaneOutcome) => void>();
  const enter = (name: string, sizeBytes: number, hosts = ['a', 'b'], signal = new AbortController().signal) => {
    const entering = (async () => {
      const leaveLane = await lanes.enter({ hosts, sizeBytes, signal });
      entered.push(name);
      leave.set(name, (outcome = { kind: 'idle' }) => leaveLane(outcome));
    })();
    entering.catch(() => undefined);
    return entering;
  };
  return { lanes, entered, leave, enter };
}

describe('createLanes', () => {
  it('lets more small ones in at once than large ones', async () => {
    const { entered, enter } = lanesWithNotes();
    for (let index = 0; index < 40; index += 1) {
      void enter(`small ${index}`, 10);
      void enter(`large ${index}`, LARGE);
    }
    await settle();
    expect(entered.filter((name) => name.startsWith('small'))).toHaveLength(24);
    expect(entered.filter((name) => name.startsWith('large'))).toHaveLength(6);
  });

  it('lets the largest of those that wait go first, and small ones in order of arrival', async () => {
    const { lanes, entered, leave, enter } = lanesWithNotes();
    lanes.setCap(1);
    void enter('first', 1);
    void enter('small', 5);
    void enter('large', LARGE);
    void enter('larger', LARGE * 3);
    void enter('large too', LARGE * 2);
    void enter('small too', 1);
    await settle();
    for (let turn = 0; turn < 6; turn += 1) {
      leave.get(entered.at(-1)!)?.();
      await settle();
    }
    expect(entered).toEqual(['first', 'larger', 'large too', 'large', 'small', 'small too']);
  });

  it('keeps a lane for small ones however many large ones there are', async () => {
    const { lanes, entered, enter } = lanesWithNotes();
    lanes.setCap(3);
    for (let index = 0; index < 5; index += 1) void enter(`large ${index}`, LARGE);
    await settle();
    expect(entered).toHaveLength(2);
    void enter('small', 1);
    await settle();
    expect(entered).toContain('small');
  });

  it('takes both ends or none, so that nobody holds one while waiting for the other', async () => {
    const { lanes, entered, leave, enter } = lanesWithNotes();
    lanes.setCap(1);
    void enter('a to b', 1, ['a', 'b']);
    void enter('b to c', 1, ['b', 'c']);
    void enter('c to d', 1, ['c', 'd']);
    await settle();
    expect(entered).toEqual(['a to b', 'c to d']);
    expect(lanes.load('b')).toEqual({ small: 1, large: 0, waiting: 1 });
    leave.get('a to b')!();
    await settle();
    expect(entered).toEqual(['a to b', 'c to d']);
    leave.get('c to d')!();
    await settle();
    expect(entered).toEqual(['a to b', 'c to d', 'b to c']);
  });

  it('counts a copy within one host once', async () => {
    const { lanes, entered, enter } = lanesWithNotes();
    lanes.setCap(1);
    await enter('within', 1, ['a', 'a']);
    expect(entered).toEqual(['within']);
    expect(lanes.load('a').small).toBe(1);
  });

  it('takes who aborts out of the queue, and lets the next go on', async () => {
    const { lanes, entered, leave, enter } = lanesWithNotes();
    lanes.setCap(1);
    void enter('first', 1);
    const stop = new AbortController();
    const aborted = enter('aborted', 1, ['a', 'b'], stop.signal);
    void enter('last', 1);
    await settle();
    const reason = new Error('stop');
    stop.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    leave.get('first')!();
    await settle();
    expect(entered).toEqual(['first', 'last']);
    await expect(enter('late', 1, ['a'], stop.signal)).rejects.toBe(reason);
  });

  it('gives a lane back once, however often it is left', async () => {
    const { lanes, leave, enter } = lanesWithNotes();
    await enter('only', 1);
    leave.get('only')!();
    leave.get('only')!();
    expect(lanes.load('a')).toEqual({ small: 0, large: 0, waiting: 0 });
  });

  it('opens more lanes while blobs go well, and halves them when the host suffers', async () => {
    const { lanes, entered, leave, enter } = lanesWithNotes();
    for (let index = 0; index < 200; index += 1) void enter(`${index}`, 1000);
    await settle();
    const before = lanes.load('a').small;
    for (const name of entered.slice()) leave.get(name)!({ kind: 'sent', tookMs: 10 });
    await settle();
    const grown = lanes.load('a').small;
    expect(grown).toBeGreaterThan(before);
    lanes.suffered('a');
    const held = entered.slice(-grown);
    for (const name of held) leave.get(name)!();
    await settle();
    expect(lanes.load('a').small).toBeLessThanOrEqual(Math.ceil(grown / 2));
  });

  it('holds to a cap at once, and opens again when it is lifted', async () => {
    const { lanes, entered, enter } = lanesWithNotes();
    lanes.setCap(2);
    for (let index = 0; index < 20; index += 1) void enter(`${index}`, 1);
    await settle();
    expect(entered).toHaveLength(2);
    lanes.setCap(0);
    await settle();
    expect(entered.length).toBeGreaterThan(2);
  });

  it('lets thousands wait without looking at each again and again', async () => {
    const { entered, leave, enter } = lanesWithNotes();
    const count = 20_000;
    for (let index = 0; index < count; index += 1) void enter(`${index}`, index % 2 === 0 ? 10 : LARGE + index);
    await settle();
    for (let done = 0; done < count; done += 1) {
      if (done % 50 === 0) await settle();
      const name = entered[done];
      if (name === undefined) await settle();
      leave.get(entered[done]!)!();
    }
    await settle();
    expect(entered).toHaveLength(count);
  });
});

describe('createAdaptiveLimit', () => {
  const bounds = { start: 4, min: 1, max: 10 };

  it('adds one for each success until the first setback, and slowly after it', () => {
    const limit = createAdaptiveLimit(bounds);
    for (let index = 0; index < 3; index += 1) limit.succeeded(10, 1000);
    expect(limit.limit).toBe(7);
    limit.suffered();
    expect(limit.limit).toBe(3);
    for (let index = 0; index < 20; index += 1) limit.succeeded(10, 1000);
    expect(limit.limit).toBeGreaterThan(4);
    expect(limit.limit).toBeLessThan(10);
  });

  it('halves once for a burst of failures, since those behind the first were under way', () => {
    const limit = createAdaptiveLimit({ ...bounds, start: 8 });
    for (let index = 0; index < 8; index += 1) limit.suffered();
    expect(limit.limit).toBe(4);
    limit.suffered();
    expect(limit.limit).toBe(2);
  });

  it('stays between its bounds', () => {
    const limit = createAdaptiveLimit(bounds);
    for (let index = 0; index < 50; index += 1) limit.succeeded(10, 1000);
    expect(limit.limit).toBe(10);
    for (let index = 0; index < 100; index += 1) limit.suffered();
    expect(limit.limit).toBe(1);
  });

  it('does not grow while blobs only wait for one another', () => {
    const limit = createAdaptiveLimit(bounds);
    limit.succeeded(10, 1000);
    for (let index = 0; index < 10; index += 1) limit.succeeded(200, 1000);
    expect(limit.limit).toBe(5);
  });

  it('compares the pace of small and larger blobs by what a request costs too', () => {
    const limit = createAdaptiveLimit(bounds);
    limit.succeeded(10, 0);
    limit.succeeded(30, 512 * 1024);
    expect(limit.limit).toBe(6);
  });
});
