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

  it('keeps no more than 16 MiB, and the newest whatever its size', async () => {
    const log = createRequestLog(createTestClock());
    const large = 'x'.repeat(64 * 1024);
    const requestOf = (bodyStart: string) =>
      log.record({
        at: '2026-11-27T00:00:00.000Z',
        registryHost: 'registry.test',
        hop: 'registry',
        attempt: 1,
        exchange: {
          method: 'GET',
          url: 'https://registry.test/v2/',
          requestHeaders: [],
          responseHeaders: [],
          bodyStart,
        },
        queuedMs: 0,
      });
    for (let index = 0; index < 500; index += 1) requestOf(large);
    const first = log.watch(new AbortController().signal);
    const batches = [];
    for await (const batch of first) {
      batches.push(batch);
      if (batch.at(-1)?.id === 500) break;
    }
    const kept = batches.flat();
    expect(kept).toHaveLength(127);
    expect(kept[0]?.id).toBe(374);
    // One message holds 1 MiB at most: seven of 128 KiB and what else there is of each.
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(7);
    const { id } = requestOf('x'.repeat(20 * 1024 * 1024));
    expect((await take(log.watch(new AbortController().signal))).map((entry) => entry.id)).toEqual([id]);
    expect(log.clear()).toBe(1);
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
