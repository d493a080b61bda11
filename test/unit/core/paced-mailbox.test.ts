import { describe, expect, it } from 'vitest';
import { createPacedMailbox } from '#main/core/paced-mailbox.ts';
import { createTestClock } from '#test/support/test-clock.ts';

/** A mailbox with a pace of a second, and a reader that takes for as long as there is anything. */
function start() {
  const clock = createTestClock();
  const mailbox = createPacedMailbox<string>(1000, clock);
  const stop = new AbortController();
  const taken: (readonly string[])[] = [];
  const read = async (): Promise<string> => {
    for (let news = await mailbox.take(stop.signal); news !== undefined; news = await mailbox.take(stop.signal)) {
      taken.push(news);
    }
    return 'the end';
  };
  let outcome: unknown;
  void read().then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  );
  return { clock, mailbox, taken, stop, outcome: () => outcome };
}

describe('a paced mailbox', () => {
  it('gives the first at once, and what comes after together at its pace', async () => {
    const { clock, mailbox, taken } = start();
    mailbox.put('a');
    await clock.settle();
    mailbox.put('b');
    await clock.advance(999);
    mailbox.put('c');
    expect(taken).toEqual([['a']]);
    await clock.advance(1);
    expect(taken).toEqual([['a'], ['b', 'c']]);
  });

  it('waits for no pace once it has ended, and gives what is there before the end', async () => {
    const { clock, mailbox, taken, outcome } = start();
    mailbox.put('a');
    await clock.settle();
    mailbox.put('b');
    await clock.settle();
    expect(taken).toEqual([['a']]);
    mailbox.end();
    await clock.settle();
    expect(taken).toEqual([['a'], ['b']]);
    expect(outcome()).toBe('the end');
  });

  it('ends at once when there is nothing to give, whether the reader waits for news or comes later', async () => {
    const waiting = start();
    await waiting.clock.settle();
    waiting.mailbox.end();
    await waiting.clock.settle();
    expect(waiting.outcome()).toBe('the end');
    const late = createPacedMailbox<string>(1000, waiting.clock);
    late.end();
    expect(await late.take(new AbortController().signal)).toBeUndefined();
  });

  it('fails at once, after what is there, with the first of several outcomes', async () => {
    const { clock, mailbox, taken, outcome } = start();
    mailbox.put('a');
    await clock.settle();
    mailbox.put('b');
    mailbox.fail(new Error('broken'));
    mailbox.end();
    await clock.settle();
    expect(taken).toEqual([['a'], ['b']]);
    expect(outcome()).toEqual(new Error('broken'));
  });

  it('leaves its reader when that aborts, whether it waits for news or for the pace', async () => {
    const idle = start();
    await idle.clock.settle();
    idle.stop.abort(new Error('left'));
    await idle.clock.settle();
    expect(idle.outcome()).toEqual(new Error('left'));
    const paced = start();
    paced.mailbox.put('a');
    await paced.clock.settle();
    paced.mailbox.put('b');
    await paced.clock.settle();
    paced.stop.abort(new Error('left'));
    await paced.clock.settle();
    expect(paced.taken).toEqual([['a']]);
    expect(paced.outcome()).toEqual(new Error('left'));
  });
});
