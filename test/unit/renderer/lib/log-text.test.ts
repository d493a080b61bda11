import {
  clockText,
  durationText,
  entryText,
  filterLog,
  inOrderOfBeginning,
  isFailure,
  splitUrl,
} from '#renderer/lib/log-text.ts';
import type { LogEntry } from '#shared/api/diagnostics.ts';
import { describe, expect, it } from 'vitest';

type RequestEntry = Extract<LogEntry, { kind: 'request' }>;

function request(
  change: Partial<Omit<RequestEntry, 'exchange'>> & { status?: number; url?: string } = {},
): RequestEntry {
  const { status = 200, url = 'https://r.example/v2/team/app/tags/list', ...rest } = change;
  return {
    kind: 'request',
    id: 1,
    at: '2026-11-21T10:00:00.000Z',
    registryHost: 'r.example',
    hop: 'registry',
    attempt: 1,
    exchange: { method: 'GET', url, requestHeaders: [['accept', '*/*']], status, responseHeaders: [['date', 'x']] },
    queuedMs: 0,
    headersMs: 12,
    ...rest,
  };
}

const decision: LogEntry = {
  kind: 'decision',
  id: 2,
  at: '2026-11-21T10:00:00.000Z',
  registryHost: 'r.example',
  text: 'credential from docker config, key r.example',
};

describe('isFailure', () => {
  it('counts answers from 400 on and lost connections, but no 401 and no decision', () => {
    expect(isFailure(request({ status: 404 }))).toBe(true);
    expect(isFailure(request({ failure: 'network/refused' }))).toBe(true);
    expect(isFailure(request({ status: 401 }))).toBe(false);
    expect(isFailure(request())).toBe(false);
    const absent = request({ status: 404 });
    expect(isFailure({ ...absent, exchange: { ...absent.exchange, method: 'HEAD' } })).toBe(false);
    expect(isFailure(decision)).toBe(false);
  });
});

describe('inOrderOfBeginning', () => {
  it('puts what took long before what began after it', () => {
    const slow = request({ id: 9, at: '2026-11-21T10:00:00.000Z' });
    const quick = request({ id: 8, at: '2026-11-21T10:00:00.500Z' });
    expect(inOrderOfBeginning([quick, slow, { ...slow, id: 3 }]).map(({ id }) => id)).toEqual([3, 9, 8]);
  });
});

describe('filterLog', () => {
  const entries = [request(), request({ status: 503, url: 'https://r.example/v2/_catalog' }), decision];

  it('gives back the very list when nothing is asked for', () => {
    expect(filterLog(entries, { text: ' ', onlyFailures: false })).toBe(entries);
  });

  it('wants every word, in any case', () => {
    expect(filterLog(entries, { text: 'TAGS get', onlyFailures: false })).toEqual([entries[0]]);
    expect(filterLog(entries, { text: 'docker CONFIG', onlyFailures: false })).toEqual([decision]);
    expect(filterLog(entries, { text: 'tags 503', onlyFailures: false })).toEqual([]);
  });

  it('keeps failures only when asked', () => {
    expect(filterLog(entries, { text: '', onlyFailures: true })).toEqual([entries[1]]);
  });
});

describe('texts', () => {
  it('splits an address into host and path', () => {
    expect(splitUrl('https://r.example:5000/v2/?n=1')).toEqual({ host: 'r.example:5000', path: '/v2/?n=1' });
    expect(splitUrl('nonsense')).toEqual({ host: '', path: 'nonsense' });
  });

  it('says how long something took', () => {
    expect([durationText(undefined), durationText(11.6), durationText(1449)]).toEqual(['', '12 ms', '1.4 s']);
  });

  it('shows the time to the millisecond', () => {
    expect(clockText('2026-11-21T10:20:30.004Z')).toMatch(/^\d\d:20:30\.004$|^\d\d:\d\d:30\.004$/);
  });

  it('writes an entry out for a report', () => {
    expect(entryText(request({ status: 404 }))).toBe(
      [
        '2026-11-21T10:00:00.000Z GET https://r.example/v2/team/app/tags/list',
        'accept: */*',
        '',
        'HTTP 404 after 12 ms (try 1, queued 0 ms)',
        'date: x',
      ].join('\n'),
    );
    expect(entryText(decision)).toBe(
      '2026-11-21T10:00:00.000Z r.example: credential from docker config, key r.example',
    );
  });
});
