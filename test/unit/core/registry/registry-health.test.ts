import { describe, expect, it } from 'vitest';
import { createHealthBook } from '#main/core/registry/registry-health.ts';
import { RegistryError, type RegistryFailure } from '#main/core/registry/transport/registry-error.ts';
import type { TransportEvent } from '#main/core/registry/transport/transport-event.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const AT = '2026-11-21T00:00:00.000Z';
const answered = (headers = {}, hop: 'registry' | 'token' = 'registry'): TransportEvent => ({
  kind: 'answered',
  hop,
  status: 200,
  headers,
});
const failed = (failure: RegistryFailure, isHeard = false): TransportEvent => ({
  kind: 'failed',
  hop: 'registry',
  error: new RegistryError(failure),
  isHeard,
});
const refused: RegistryFailure = { kind: 'network', reason: 'refused', host: 'h', detail: '' };

function bookOf() {
  const clock = createTestClock();
  const changes: string[] = [];
  const book = createHealthBook({ clock, onChange: (id) => void changes.push(id) });
  return { clock, changes, book };
}

describe('the health book', () => {
  it('knows nothing of a registry nobody asked', () => {
    expect(bookOf().book.get('a')).toEqual({ state: 'unknown' });
  });

  it('calls a registry online that answers, whatever it says, and offline that cannot be reached', async () => {
    const { clock, book } = bookOf();
    const tell = book.observer('a');
    tell({ kind: 'answered', hop: 'registry', status: 500, headers: {} });
    expect(book.get('a')).toEqual({ state: 'online', since: AT });
    await clock.advance(1000);
    tell(failed(refused));
    expect(book.get('a')).toEqual({ state: 'offline', reason: 'refused', since: '2026-11-21T00:00:01.000Z' });
    await clock.advance(1000);
    tell(failed({ kind: 'tls', reason: 'expired', host: 'h', detail: '' }));
    expect(book.get('a')).toEqual({ state: 'offline', reason: 'expired', since: '2026-11-21T00:00:01.000Z' });
    tell(answered());
    expect(book.get('a')).toMatchObject({ state: 'online', since: '2026-11-21T00:00:02.000Z' });
  });

  it.each<TransportEvent>([
    failed({ kind: 'cancelled' }),
    failed({ kind: 'protocol', reason: 'html', detail: '' }),
    failed({ kind: 'network', reason: 'truncated', host: 'h', detail: '' }),
    failed({ kind: 'network', reason: 'timeout', host: 'h', detail: '' }, true),
    { ...failed(refused), hop: 'token' } as TransportEvent,
    { ...failed(refused), hop: 'redirect' } as TransportEvent,
  ])('does not call it offline for anything else: %j', (event) => {
    const { book } = bookOf();
    const tell = book.observer('a');
    tell(answered());
    tell(event);
    expect(book.get('a').state).toBe('online');
  });

  it('keeps the quota of each registry, from its own answers only', () => {
    const { book } = bookOf();
    const headers = { 'ratelimit-limit': '100;w=60', 'ratelimit-remaining': '7' };
    book.observer('a')(answered(headers));
    book.observer('b')(answered(headers, 'token'));
    expect(book.get('a').rateLimit).toEqual({ limit: 100, remaining: 7, windowSeconds: 60, seenAt: AT });
    expect(book.get('b')).toEqual({ state: 'unknown' });
  });

  it('tells the longest of the waits under way', () => {
    const { clock, book } = bookOf();
    const tell = book.observer('a');
    const [short, long] = [500, 1000].map((ms) => ({ untilMs: clock.now() + ms, reason: `HTTP ${ms}` }));
    for (const wait of [long!, short!]) tell({ kind: 'waiting', wait });
    expect(book.get('a')).toMatchObject({ waitingUntil: '2026-11-21T00:00:01.000Z', waitingReason: 'HTTP 1000' });
    tell({ kind: 'resumed', wait: long! });
    expect(book.get('a')).toMatchObject({ waitingReason: 'HTTP 500' });
    tell({ kind: 'resumed', wait: short! });
    expect(book.get('a')).not.toHaveProperty('waitingUntil');
  });

  it('announces changes at once, then four times a second at most, and nothing that is no change', async () => {
    const { clock, changes, book } = bookOf();
    const tell = book.observer('a');
    tell(answered());
    expect(changes).toEqual(['a']);
    for (let index = 0; index < 100; index += 1) {
      tell(answered({ 'ratelimit-limit': '100', 'ratelimit-remaining': String(index) }));
    }
    expect(changes).toEqual(['a']);
    await clock.advance(250);
    expect(changes).toEqual(['a', 'a']);
    await clock.advance(1000);
    tell(answered());
    await clock.advance(1000);
    expect(changes).toEqual(['a', 'a']);
  });

  it('begins anew with a new client, and hears no more of the old one', () => {
    const { changes, book } = bookOf();
    const old = book.observer('a');
    old(answered());
    book.observer('a');
    old(failed(refused));
    expect(book.get('a')).toEqual({ state: 'unknown' });
    expect(changes).toEqual(['a']);
  });
});
