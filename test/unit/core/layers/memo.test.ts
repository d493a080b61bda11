import { describe, expect, it } from 'vitest';
import { createMemo } from '#main/core/layers/browse/memo.ts';

describe('a memo', () => {
  it('makes an answer once, and lets all who wait for it hear how far it is', async () => {
    const memo = createMemo<{ readonly value: number }, number>(1);
    const gate = Promise.withResolvers<void>();
    let made = 0;
    const make = async (_signal: AbortSignal, tell: (progress: number) => void) => {
      made += 1;
      tell(1);
      await gate.promise;
      tell(2);
      return { value: made };
    };
    const [first, second, gone]: [number[], number[], number[]] = [[], [], []];
    const leaving = new AbortController();
    const all = [
      memo.get('key', make, undefined, (progress) => first.push(progress)),
      memo.get('key', make, undefined, (progress) => second.push(progress)),
    ];
    const left = memo.get('key', make, leaving.signal, (progress) => gone.push(progress));
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    gate.resolve();
    expect(await Promise.all(all)).toEqual([{ value: 1 }, { value: 1 }]);
    expect([first, second, gone]).toEqual([[1, 2], [2], []]);
    const again: number[] = [];
    expect(await memo.get('key', make, undefined, (progress) => again.push(progress))).toEqual({ value: 1 });
    expect(again).toEqual([]);
  });
});
