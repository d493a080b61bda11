import type { Warning } from '#shared/api/common.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  FIRST_PAGE,
  joinedPage,
  nextPlace,
  type PagePlace,
  readPlace,
  wantWhole,
} from '#renderer/queries/whole-lists.ts';

type Page = {
  readonly tags: readonly string[];
  readonly nextCursor?: string;
  readonly droppedCount: number;
  readonly warnings?: readonly Warning[];
  readonly offline?: { readonly seenAt: string; readonly reason: string };
};

const KEY = 'tags one acme/web';

/** A list of so many answers with a name each; `answered` is told of each before it comes. */
function setUp(count: number, answered: (at: number) => void = () => undefined) {
  const asked: PagePlace[] = [];
  const ask = async (place: PagePlace): Promise<Page> => {
    asked.push(place);
    const at = Number(place.cursor ?? 0);
    answered(at);
    return { tags: [`t${at}`], droppedCount: 1, ...(at + 1 < count && { nextCursor: String(at + 1) }) };
  };
  const join = (page: Page, next: Page): Page => ({ ...joinedPage(page, next), tags: [...page.tags, ...next.tags] });
  return { asked, read: (place: PagePlace) => readPlace(KEY, place, { ask, join }) };
}

beforeEach(() => {
  vi.useFakeTimers();
  wantWhole(KEY, true);
});
afterEach(() => {
  vi.useRealTimers();
  wantWhole(KEY, false);
});

describe('a list that is wanted to its end', () => {
  it('is asked for in as many pages as there are', () => {
    expect(nextPlace(KEY)({ nextCursor: '1' })).toEqual({ cursor: '1', pages: 1000 });
    expect(nextPlace(KEY)({})).toBeUndefined();
    expect(nextPlace('another')({ nextCursor: '1' })).toEqual({ cursor: '1' });
  });

  it('is one page to draw when all its answers come at once', async () => {
    const { asked, read } = setUp(4);
    expect(await read({ cursor: '1', pages: 1000 })).toEqual({ tags: ['t1', 't2', 't3'], droppedCount: 3 });
    expect(asked).toEqual(['1', '2', '3'].map((cursor) => ({ cursor, pages: 1000 })));
  });

  it('is drawn as far as it is there when that takes longer', async () => {
    const { read } = setUp(9, () => void vi.advanceTimersByTime(150));
    expect(await read({ cursor: '1', pages: 1000 })).toMatchObject({ tags: ['t1', 't2', 't3', 't4'], nextCursor: '5' });
  });

  it('is asked for no further when it is no longer wanted', async () => {
    const { asked, read } = setUp(9, (at) => void (at === 2 && wantWhole(KEY, false)));
    expect(await read({ cursor: '1', pages: 1000 })).toMatchObject({ tags: ['t1', 't2'], nextCursor: '3' });
    expect(asked).toHaveLength(2);
  });

  it('keeps what it has when an answer fails, and meets the error when that place is asked for again', async () => {
    const { read } = setUp(9, (at) => {
      if (at === 3) throw new Error('gone');
    });
    expect(await read({ cursor: '1', pages: 1000 })).toMatchObject({ tags: ['t1', 't2'], nextCursor: '3' });
    await expect(read({ cursor: '3', pages: 1000 })).rejects.toThrow('gone');
  });

  it('comes a page at a time to who asks for one', async () => {
    const { asked, read } = setUp(9);
    expect(await read(FIRST_PAGE)).toMatchObject({ tags: ['t0'], nextCursor: '1' });
    expect(asked).toHaveLength(1);
  });
});

describe('joinedPage', () => {
  const warning = (text: string) => ({ source: 'registry' as const, text });

  it('holds what was said of both pages, and goes on where the later one does', () => {
    const offline = { seenAt: '2026-11-28T00:00:00Z', reason: 'refused' };
    const one: Omit<Page, 'tags'> = { nextCursor: 'a', droppedCount: 1, warnings: [warning('one')], offline };
    expect(joinedPage(one, { nextCursor: 'b', droppedCount: 2, warnings: [warning('two')] })).toEqual({
      nextCursor: 'b',
      droppedCount: 3,
      warnings: [warning('one'), warning('two')],
      offline,
    });
    expect(joinedPage({ nextCursor: 'a', droppedCount: 0 }, { droppedCount: 0 })).toEqual({ droppedCount: 0 });
  });
});
