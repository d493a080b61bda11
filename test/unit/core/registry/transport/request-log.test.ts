import { describe, expect, it } from 'vitest';
import { createRequestLog, type LogEntry } from '#main/core/registry/transport/request-log.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const take = async (entries: AsyncGenerator<readonly LogEntry[], void, void>) => (await entries.next()).value ?? [];
const texts = (entries: readonly LogEntry[]) => entries.map((entry) => (entry.kind === 'decision' ? entry.text : ''));

describe('the request log', () => {
  it('tells first what it kept, then what comes, in batches', async () => {
    const clock = createTestClock();
    const log = createRequestLog(clock);
    log.decide('registry.test', 'one');
    log.decide('registry.test', 'two');
    const stop = new AbortController();
    const watch = log.watch(stop.signal);
    expect(texts(await take(watch))).toEqual(['one', 'two']);
    const next = take(watch);
    await clock.settle();
    log.decide('registry.test', 'three');
    await clock.settle();
    log.decide('registry.test', 'four');
    await clock.advance(100);
    expect(texts(await next)).toEqual(['three', 'four']);
    const last = take(watch);
    stop.abort();
    expect(await last).toEqual([]);
  });

  it('keeps the newest 2,000, and hands them over 200 at a time', async () => {
    const log = createRequestLog(createTestClock());
    for (let index = 0; index < 4100; index += 1) log.decide('registry.test', String(index));
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const batch of log.watch(stop.signal)) {
      expect(batch.length).toBeLessThanOrEqual(200);
      seen.push(...texts(batch));
      if (seen.length >= 2000) break;
    }
    expect(seen).toEqual(Array.from({ length: 2000 }, (_, index) => String(2100 + index)));
  });

  it('tells of one registry alone when asked, by the name a person knows', async () => {
    const log = createRequestLog(createTestClock());
    log.decide('other.test', 'other');
    log.decide('registry-1.docker.io', 'hub');
    const entries = await take(log.watch(new AbortController().signal, 'docker.io'));
    expect(entries).toMatchObject([{ registryHost: 'docker.io', text: 'hub' }]);
  });

  it('forgets when cleared, and never uses a number twice', async () => {
    const log = createRequestLog(createTestClock());
    log.decide('registry.test', 'one');
    expect(log.clear()).toBe(1);
    expect(log.clear()).toBe(0);
    log.decide('registry.test', 'two');
    expect(await take(log.watch(new AbortController().signal))).toMatchObject([{ id: 2, text: 'two' }]);
  });
});
