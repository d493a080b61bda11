import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createListMotion } from '#renderer/features/repository/list-motion.ts';

/** A row that rests in a list; whether it may ask by now. */
function rowIn(motion: ReturnType<typeof createListMotion>) {
  const controller = new AbortController();
  let state = 'waits';
  const rested = motion.rest(controller.signal).then(
    () => (state = 'asks'),
    () => (state = 'left'),
  );
  return { state: () => state, leave: () => controller.abort(), rested };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a row', () => {
  it('asks at once in a list that stands still', async () => {
    const row = rowIn(createListMotion());
    await vi.advanceTimersByTimeAsync(0);
    expect(row.state()).toBe('asks');
  });

  it('waits in a list that grows until it has come to its end', async () => {
    const motion = createListMotion();
    motion.setGrowing(true);
    const row = rowIn(motion);
    await vi.advanceTimersByTimeAsync(500);
    expect(row.state()).toBe('waits');
    motion.setGrowing(false);
    await row.rested;
    expect(row.state()).toBe('asks');
  });

  it('waits for no more than a second of growing, and not at all after that', async () => {
    const motion = createListMotion();
    motion.setGrowing(true);
    const row = rowIn(motion);
    await vi.advanceTimersByTimeAsync(1000);
    expect(row.state()).toBe('asks');
    const later = rowIn(motion);
    await vi.advanceTimersByTimeAsync(0);
    expect(later.state()).toBe('asks');
  });

  it('that scrolls away stops waiting', async () => {
    const motion = createListMotion();
    motion.setGrowing(true);
    const row = rowIn(motion);
    row.leave();
    await row.rested;
    expect(row.state()).toBe('left');
  });
});
