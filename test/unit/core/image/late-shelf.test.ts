import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lateShelf } from '#main/core/image/kept/late-shelf.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

function setUp() {
  const shelf = memoryShelf();
  const late = lateShelf(shelf);
  late.put('tags', 'a 1', bytes('one'));
  late.put('tags', 'b 1', bytes('two'), 'note');
  return { late, entries: () => [...shelf.entries.keys()] };
}

describe('lateShelf', () => {
  it('puts nothing down in this turn, and everything in the next, in its order', async () => {
    const { late, entries } = setUp();
    late.put('tags', 'a 1', bytes('three'));
    expect(entries()).toEqual([]);
    await nextTurn();
    expect(entries()).toEqual(['tags a 1', 'tags b 1']);
    expect(late.get('tags', 'a 1')).toMatchObject({ value: bytes('three') });
    expect(late.get('tags', 'b 1')).toMatchObject({ value: bytes('two'), note: 'note' });
  });

  it('gives what is not yet put down', () => {
    expect(setUp().late.get('tags', 'a 1')).toMatchObject({ value: bytes('one') });
  });

  it('lets nothing come back that was dropped meanwhile', async () => {
    const { late, entries } = setUp();
    late.drop('tags', 'a 1');
    late.dropStarting('tags', 'b');
    await nextTurn();
    expect(entries()).toEqual([]);
  });
});
