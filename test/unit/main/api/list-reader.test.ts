import { describe, expect, it } from 'vitest';
import { createListReader, type ListCall, type NameList } from '#main/api/list-reader.ts';
import type { NamePage } from '#main/core/registry/registry-client.ts';
import { createTestClock } from '#test/support/test-clock.ts';

type ListOptions = {
  readonly fail?: number;
  readonly each?: Partial<NamePage>;
  /** Resolves when the page may be answered. */
  readonly gate?: (at: number) => Promise<void>;
};

/** A list of `count` pages with two names each; `fail` is the page that cannot be had. */
function setUp(count: number, options: ListOptions = {}) {
  const clock = createTestClock();
  const asked: string[] = [];
  const aborted: string[] = [];
  const fetch = async ({ cursor = '0', signal }: ListCall): Promise<NamePage> => {
    asked.push(cursor);
    signal?.addEventListener('abort', () => aborted.push(cursor));
    const at = Number(cursor);
    const left = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error('left'));
      });
    });
    left.catch(() => undefined);
    await (options.gate === undefined ? undefined : Promise.race([options.gate(at), left]));
    if (at === options.fail) throw new Error('gone');
    const next = at + 1 < count ? { nextCursor: String(at + 1) } : {};
    return { names: [`a${at}`, `b${at}`], droppedCount: 1, ...next, ...options.each };
  };
  const list: NameList = { client: {}, name: 'tags', fetch };
  const reader = createListReader(clock);
  const read = (wanted: Parameters<typeof reader.read>[1], signal?: AbortSignal) => reader.read(list, wanted, signal);
  return { clock, asked, aborted, read, list, reader };
}

/** Answers pages one by one, as the test lets them. */
function gates() {
  const open = Array.from({ length: 100 }, () => Promise.withResolvers<void>());
  return { gate: (at: number) => open[at]!.promise, let: (at: number) => open[at]!.resolve() };
}

const pages = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => [`a${from + index}`, `b${from + index}`]).flat();

describe('a list', () => {
  it('comes as one page when nobody asks for more, and no other is asked for', async () => {
    const { clock, asked, read } = setUp(3);
    expect(await read({})).toEqual({ names: ['a0', 'b0'], droppedCount: 1, nextCursor: '1' });
    await clock.settle();
    expect(asked).toEqual(['0']);
  });

  it('comes as many pages as are wanted, from where the caller left off', async () => {
    const { read } = setUp(9);
    expect(await read({ cursor: '2', pages: 3 })).toEqual({ names: pages(2, 5), droppedCount: 3, nextCursor: '5' });
  });

  it('ends with its last page, and then has no cursor', async () => {
    const { asked, read } = setUp(2);
    expect(await read({ pages: 100 })).toEqual({ names: pages(0, 2), droppedCount: 2 });
    expect(asked).toEqual(['0', '1']);
  });

  it('keeps what it has when a page fails, and tells the error when that page is asked for', async () => {
    const { asked, read } = setUp(5, { fail: 2 });
    expect(await read({ pages: 5 })).toMatchObject({ names: pages(0, 2), nextCursor: '2' });
    await expect(read({ cursor: '2', pages: 5 })).rejects.toThrow('gone');
    expect(asked).toEqual(['0', '1', '2', '2']);
  });

  it('is handed over as far as it is there after a moment, so that it is seen to grow', async () => {
    const door = gates();
    const { clock, read } = setUp(50, { gate: door.gate });
    const answer = read({ pages: 50 });
    door.let(0);
    door.let(1);
    await clock.advance(49);
    door.let(2);
    await clock.advance(1);
    expect(await answer).toMatchObject({ names: pages(0, 3), nextCursor: '3' });
  });

  it('waits for its first page however long that takes, and for no other then', async () => {
    const door = gates();
    const { clock, read } = setUp(50, { gate: door.gate });
    const answer = read({ pages: 50 });
    await clock.advance(20_000);
    door.let(0);
    expect((await answer).nextCursor).toBe('1');
  });

  it('is read on while whoever asked looks at what is there, and no page is asked for twice', async () => {
    const door = gates();
    const { clock, asked, read } = setUp(6, { gate: door.gate });
    const first = read({ pages: 50 });
    door.let(0);
    await clock.advance(50);
    expect((await first).nextCursor).toBe('1');
    for (const at of [1, 2, 3, 4, 5]) door.let(at);
    await clock.settle();
    expect(asked).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(await read({ cursor: '1', pages: 50 })).toEqual({ names: pages(1, 6), droppedCount: 5 });
    expect(asked).toHaveLength(6);
  });

  it('is read no more than 60 pages ahead, nor for longer than two seconds', async () => {
    const { clock, asked, aborted, read } = setUp(500);
    expect((await read({ pages: 10 })).nextCursor).toBe('10');
    await clock.settle();
    expect(asked).toHaveLength(70);
    await clock.advance(2000);
    expect((await read({ cursor: '10', pages: 2 })).names).toEqual(pages(10, 12));
    expect(asked.slice(70, 72)).toEqual(['10', '11']);
    expect(aborted).toContain('69');
  });

  it('is read anew from another place, and what was read ahead is let go of', async () => {
    const door = gates();
    const { clock, asked, aborted, read } = setUp(9, { gate: door.gate });
    const first = read({ pages: 9 });
    door.let(0);
    await clock.advance(50);
    await first;
    const other = read({ cursor: '5', pages: 1000 });
    for (const at of [5, 6, 7, 8]) door.let(at);
    expect((await other).names).toEqual(pages(5, 9));
    expect(asked).toEqual(['0', '1', '5', '6', '7', '8']);
    expect(aborted).toEqual(expect.arrayContaining(['1']));
  });

  it('of another client or of another name is another list', async () => {
    const { list, read, reader } = setUp(9);
    await read({ pages: 2 });
    const answer = await reader.read({ ...list, client: {} }, { cursor: '2', pages: 2 }, undefined);
    expect(answer.names).toEqual(pages(2, 4));
    const others = { ...list, fetch: async () => ({ names: ['mine'], droppedCount: 0 }), name: 'other' };
    expect((await reader.read(others, { cursor: '2', pages: 2 }, undefined)).names).toEqual(['mine']);
  });

  it('breaks off what is on its way when the caller leaves', async () => {
    const door = gates();
    const { clock, aborted, read } = setUp(9, { gate: door.gate });
    const controller = new AbortController();
    const answer = read({ pages: 9 }, controller.signal).catch((error: unknown) => error);
    await clock.settle();
    controller.abort();
    expect(await answer).toBeInstanceOf(Error);
    expect(aborted).toEqual(['0']);
  });

  it('stops at 100,000 names', async () => {
    const names = Array.from({ length: 60_000 }, (_, index) => `t${index}`);
    const { read } = setUp(50, { each: { names } });
    expect((await read({ pages: 50 })).names).toHaveLength(120_000);
  });

  it('gathers the warnings of its pages', async () => {
    const warning = { source: 'registry', text: 'soon gone' } as const;
    const { read } = setUp(2, { each: { warnings: [warning] } });
    expect((await read({ pages: 2 })).warnings).toEqual([warning, warning]);
  });

  it('never mixes what was kept with what is', async () => {
    const { list, reader } = setUp(1);
    const offline = { seenAt: '2026-11-21T10:00:00Z', reason: 'timeout' };
    const mixed = async ({ cursor }: ListCall): Promise<NamePage> =>
      cursor === '1' ? { names: ['b'], droppedCount: 0, offline } : { names: ['a'], droppedCount: 0, nextCursor: '1' };
    const of = (cursor?: string) => reader.read({ ...list, fetch: mixed }, { cursor, pages: 2 }, undefined);
    expect(await of()).toEqual({ names: ['a'], droppedCount: 0, nextCursor: '1' });
    expect(await of('1')).toEqual({ names: ['b'], droppedCount: 0, offline });
  });
});
