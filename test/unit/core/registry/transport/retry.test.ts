import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '#main/core/registry/registry-client.ts';
import { RegistryError, type RegistryFailure } from '#main/core/registry/transport/registry-error.ts';
import {
  createRetrier,
  DEFAULT_RETRY,
  type Setback,
  setbackOfAnswer,
  setbackOfError,
  setbackOfFailure,
} from '#main/core/registry/transport/retry.ts';
import { isTemporary } from '#main/core/registry/transport/temporary.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const NOW = Date.UTC(2026, 10, 21);
const busy: Setback = { kind: 'busy', reason: 'HTTP 503' };
const network = (reason: Extract<RegistryFailure, { kind: 'network' }>['reason'], code?: string) =>
  new RegistryError({ kind: 'network', reason, host: 'h.test', detail: '' }, undefined, {
    cause: new Error('outer', { cause: Object.assign(new Error('inner'), { code }) }),
  });

describe('what may be tried again', () => {
  it.each([408, 425, 429, 499, 500, 502, 503, 504, 522])('is an answer with %i', (status) => {
    expect(setbackOfAnswer(status, {}, NOW)).toMatchObject({ reason: `HTTP ${status}` });
  });

  it.each([200, 400, 401, 403, 404, 405, 416, 501, 505, 511])('is no answer with %i', (status) => {
    expect(setbackOfAnswer(status, { 'retry-after': '1' }, NOW)).toBeUndefined();
  });

  it('is a lost connection, a resolver that is away, a connect timeout', () => {
    expect(setbackOfError(network('reset', 'ECONNRESET'))?.kind).toBe('lost');
    expect(setbackOfError(network('truncated'))?.kind).toBe('lost');
    expect(setbackOfError(network('dns', 'EAI_AGAIN'))?.kind).toBe('dns');
    expect(setbackOfError(network('timeout', 'UND_ERR_CONNECT_TIMEOUT'))?.kind).toBe('connect-timeout');
  });

  it.each([
    network('refused', 'ECONNREFUSED'),
    network('dns', 'ENOTFOUND'),
    network('unreachable', 'EHOSTUNREACH'),
    network('timeout', 'UND_ERR_HEADERS_TIMEOUT'),
    network('other'),
    new RegistryError({ kind: 'tls', reason: 'expired', host: 'h.test', detail: '' }),
    new RegistryError({ kind: 'cancelled' }),
    new RegistryError({ kind: 'protocol', reason: 'html', detail: '' }),
  ])('is not what nobody would wait for: %s', (error) => {
    expect(setbackOfError(error)).toBeUndefined();
  });

  it('is no quota used up, whose window is hours', () => {
    const used = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' };
    expect(setbackOfAnswer(429, used, NOW)).toBeUndefined();
    expect(setbackOfAnswer(429, { ...used, 'retry-after': '2' }, NOW)).toMatchObject({ retryAfterSeconds: 2 });
  });
});

describe('the next try', () => {
  const retrier = (priority: Priority, random = 1) =>
    createRetrier({ ...DEFAULT_RETRY, random: () => random }, createTestClock(), priority);
  const delays = (priority: Priority, setback: Setback) => {
    const each = retrier(priority);
    return [1, 2, 3, 4, 5, 6].map(() => each.next(setback)?.delayMs);
  };

  it('waits at most 0.5 s, then twice as long each time, six tries in all', () => {
    expect(delays('open', busy)).toEqual([500, 1000, 2000, 4000, 8000, undefined]);
  });

  it('waits anything between nothing and that', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
        const each = retrier('background', random);
        for (const most of [500, 1000, 2000, 4000, 8000]) {
          const delayMs = each.next(busy)?.delayMs ?? -1;
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('comes sooner to an end for a person than in the background', () => {
    const error: Setback = { kind: 'server-error', reason: 'HTTP 500' };
    expect(delays('visible', error)).toEqual([500, 1000, 2000, undefined, undefined, undefined]);
    expect(delays('background', error)).toEqual([500, 1000, 2000, 4000, 8000, undefined]);
    const timeout: Setback = { kind: 'connect-timeout', reason: '' };
    expect(delays('background', timeout).slice(0, 2)).toEqual([500, undefined]);
  });

  it('comes when the server says, unless that is longer than a person waits', () => {
    const asked = (retryAfterSeconds: number): Setback => ({ ...busy, retryAfterSeconds });
    expect(retrier('open').next(asked(30))).toMatchObject({ delayMs: 30_000, isAsked: true });
    expect(retrier('open').next(asked(31))).toBeUndefined();
    expect(retrier('background').next(asked(60))).toMatchObject({ delayMs: 60_000 });
  });

  it('does not come when the time is used up', async () => {
    const clock = createTestClock();
    const late = createRetrier(DEFAULT_RETRY, clock, 'open');
    await clock.advance(30_001);
    expect(late.next(busy)).toBeUndefined();
  });
});

describe('the tries of one operation', () => {
  const of = (priority: Priority = 'open') =>
    createRetrier({ ...DEFAULT_RETRY, random: () => 1 }, createTestClock(), priority);
  const lost: Setback = { kind: 'lost', reason: '' };
  const dns: Setback = { kind: 'dns', reason: '' };

  it('are six, whatever they failed for, and each pause is longer than the one before', () => {
    const tries = of();
    expect([busy, lost, dns, busy, lost, busy].map((setback) => tries.next(setback)?.delayMs)).toEqual([
      500,
      1000,
      2000,
      4000,
      8000,
      undefined,
    ]);
  });

  it('are counted for each kind of setback as well', () => {
    const tries = of();
    expect([dns, busy, dns, busy, dns, busy].map((setback) => tries.next(setback)?.number)).toEqual([
      2,
      2,
      3,
      3,
      undefined,
      4,
    ]);
  });
});

describe('the tries of a transfer', () => {
  const lost: Setback = { kind: 'lost', reason: '' };
  const tries = () => createRetrier({ ...DEFAULT_RETRY, random: () => 1 }, createTestClock(), 'transfer');
  const spend = (retrier: ReturnType<typeof tries>) => {
    const delays: number[] = [];
    for (let next = retrier.next(lost); next !== undefined; next = retrier.next(lost)) delays.push(next.delayMs / 1000);
    return delays;
  };

  it('are twelve, so that minutes are outlasted', () => {
    expect(spend(tries())).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
  });

  it('are all there for what breaks off after hours, or a night (FI27)', async () => {
    const clock = createTestClock();
    const retrier = createRetrier({ ...DEFAULT_RETRY, random: () => 1 }, clock, 'transfer');
    await clock.advance(8 * 60 * 60 * 1000);
    expect(retrier.next(lost)).toMatchObject({ delayMs: 500 });
    await clock.advance(8 * 60 * 60 * 1000);
    expect(retrier.next(lost)).toMatchObject({ delayMs: 1000 });
    expect(retrier.next({ ...lost, retryAfterSeconds: 599 })).toBeUndefined();
    expect(retrier.next({ ...lost, retryAfterSeconds: 598 })).toMatchObject({ delayMs: 598_000 });
  });

  it('begin anew when it has got on', () => {
    const retrier = tries();
    const first = spend(retrier);
    retrier.renew();
    expect(spend(retrier)).toEqual(first);
  });
});

describe('setbackOfFailure', () => {
  it('takes a refused connection for a server that starts anew only where it was there before', () => {
    for (const reason of ['refused', 'dns', 'timeout', 'unreachable'] as const) {
      expect(setbackOfFailure(network(reason), true)).toMatchObject({ kind: 'lost' });
      expect(setbackOfFailure(network(reason), false)).toBeUndefined();
    }
    expect(setbackOfFailure(network('reset'), false)).toMatchObject({ kind: 'lost' });
  });

  it('keeps the time that a registry named', () => {
    const limited = new RegistryError({ kind: 'rate-limited', retryAfterSeconds: 7, codes: [] });
    expect(setbackOfFailure(limited, false)).toEqual({ kind: 'busy', reason: 'HTTP 429', retryAfterSeconds: 7 });
  });

  it.each([400, 401, 404, 501])('is none for %i', (status) => {
    expect(setbackOfFailure(new RegistryError({ kind: 'registry', status, codes: [] }), true)).toBeUndefined();
  });
});

describe('isTemporary', () => {
  it('knows what passes by itself', () => {
    const codes = [{ code: 'TOOMANYREQUESTS', message: '' }];
    expect(isTemporary(new RegistryError({ kind: 'rate-limited', codes: [] }))).toBe(true);
    expect(isTemporary(new RegistryError({ kind: 'registry', status: 503, codes: [] }))).toBe(true);
    expect(isTemporary(new RegistryError({ kind: 'forbidden', codes }))).toBe(true);
    expect(isTemporary(network('timeout'))).toBe(true);
    expect(isTemporary(network('reset'))).toBe(true);
  });

  it('knows what does not', () => {
    const codes = [
      { code: 'TOOMANYREQUESTS', message: '' },
      { code: 'DENIED', message: '' },
    ];
    expect(isTemporary(new RegistryError({ kind: 'registry', status: 501, codes: [] }))).toBe(false);
    expect(isTemporary(new RegistryError({ kind: 'forbidden', codes }))).toBe(false);
    expect(isTemporary(network('refused', 'ECONNREFUSED'))).toBe(false);
    expect(isTemporary(new Error('any'))).toBe(false);
  });
});
