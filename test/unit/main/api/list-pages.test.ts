import { describe, expect, it } from 'vitest';
import { listPages } from '#main/api/list-pages.ts';
import type { NamePage } from '#main/core/registry/registry-client.ts';

const still = { now: () => 0, sleep: () => Promise.resolve() };

/** A list of `count` pages with two names each; `fail` is the page that cannot be had. */
function pagesOf(count: number, options: { readonly fail?: number; readonly each?: Partial<NamePage> } = {}) {
  const asked: string[] = [];
  const fetch = ({ cursor = '0' }: { readonly cursor?: string }): Promise<NamePage> => {
    asked.push(cursor);
    const at = Number(cursor);
    if (at === options.fail) return Promise.reject(new Error('gone'));
    const next = at + 1 < count ? { nextCursor: String(at + 1) } : {};
    return Promise.resolve({ names: [`a${at}`, `b${at}`], droppedCount: 1, ...next, ...options.each });
  };
  return { asked, fetch };
}

describe('listPages', () => {
  it('reads one page when nobody asks for more', async () => {
    const { asked, fetch } = pagesOf(3);
    expect(await listPages({}, still, fetch)).toEqual({ names: ['a0', 'b0'], droppedCount: 1, nextCursor: '1' });
    expect(asked).toEqual(['0']);
  });

  it('joins as many as are wanted, from where the caller left off', async () => {
    const { asked, fetch } = pagesOf(9);
    const list = await listPages({ cursor: '2', pages: 3 }, still, fetch);
    expect(list).toEqual({ names: ['a2', 'b2', 'a3', 'b3', 'a4', 'b4'], droppedCount: 3, nextCursor: '5' });
    expect(asked).toEqual(['2', '3', '4']);
  });

  it('ends with the list, and then has no cursor', async () => {
    const { fetch } = pagesOf(2);
    expect(await listPages({ pages: 100 }, still, fetch)).toEqual({ names: ['a0', 'b0', 'a1', 'b1'], droppedCount: 2 });
  });

  it('keeps what it has when a page fails, and tells the error when that page is asked for', async () => {
    const { fetch } = pagesOf(5, { fail: 2 });
    const list = await listPages({ pages: 5 }, still, fetch);
    expect(list).toMatchObject({ names: ['a0', 'b0', 'a1', 'b1'], nextCursor: '2' });
    await expect(listPages({ cursor: '2', pages: 5 }, still, fetch)).rejects.toThrow('gone');
  });

  it('hands over what it has after a moment, so that a list is seen to grow', async () => {
    let now = 0;
    const slow = { ...still, now: () => (now += 60) };
    const { asked, fetch } = pagesOf(50);
    const list = await listPages({ pages: 50 }, slow, fetch);
    expect(list.nextCursor).toBe('3');
    expect(asked).toHaveLength(3);
  });

  it('stops at 100,000 names', async () => {
    const names = Array.from({ length: 60_000 }, (_, index) => `t${index}`);
    const { asked, fetch } = pagesOf(50, { each: { names } });
    expect((await listPages({ pages: 50 }, still, fetch)).names).toHaveLength(120_000);
    expect(asked).toHaveLength(2);
  });

  it('gathers the warnings, and never mixes what was kept with what is', async () => {
    const warning = { source: 'registry', text: 'soon gone' } as const;
    const { fetch } = pagesOf(2, { each: { warnings: [warning] } });
    expect((await listPages({ pages: 2 }, still, fetch)).warnings).toEqual([warning, warning]);
    const offline = { seenAt: '2026-11-21T10:00:00Z', reason: 'timeout' };
    const mixed = ({ cursor }: { readonly cursor?: string }): Promise<NamePage> =>
      Promise.resolve({ names: ['a'], droppedCount: 0, nextCursor: '1', ...(cursor === '1' ? { offline } : {}) });
    expect(await listPages({ pages: 2 }, still, mixed)).toEqual({ names: ['a'], droppedCount: 0, nextCursor: '1' });
  });
});
