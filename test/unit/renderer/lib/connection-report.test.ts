import { connectionReport, exchangeLines } from '#renderer/lib/connection-report.ts';
import type { ConnectionStep } from '#shared/api/registries.ts';
import { describe, expect, it } from 'vitest';

const exchange = {
  method: 'GET',
  url: 'https://reg.example/v2/',
  requestHeaders: [['accept', '*/*']] as [string, string][],
  status: 401,
  responseHeaders: [['www-authenticate', 'Basic realm="x"']] as [string, string][],
  bodyStart: '{}',
};

const steps: readonly ConnectionStep[] = [
  { step: 'address', state: 'ok', detail: 'reg.example is at 192.0.2.1', durationMs: 12 },
  { step: 'ping', state: 'ok', detail: 'HTTP 401', durationMs: 1400, exchanges: [exchange] },
  {
    step: 'credential',
    state: 'failed',
    detail: '',
    error: { kind: 'unauthorized', hadCredential: true, codes: [{ code: 'UNAUTHORIZED', message: 'no\u202Ename' }] },
  },
  { step: 'token', state: 'skipped', detail: '' },
];

describe('connectionReport', () => {
  const lines = connectionReport('reg.example', steps).split('\n');

  it('has a line for each rung, in order, also for those that were not reached', () => {
    expect(lines.filter((line) => /^[A-Z]/.test(line))).toEqual([
      'Gantry: connection test of reg.example',
      'Address: passed (12 ms): reg.example is at 192.0.2.1',
      'Connection: not reached',
      'Registry protocol: passed (1.4 s): HTTP 401',
      'Sign-in method: not reached',
      'Credential: failed',
      'Token: skipped',
      'Scopes: not reached',
      'First call: not reached',
    ]);
  });

  it('holds what went over the wire, indented below its rung', () => {
    expect(lines).toContain('    GET https://reg.example/v2/');
    expect(lines).toContain('    www-authenticate: Basic realm="x"');
    expect(lines).toContain('    HTTP 401');
  });

  it('N02 escapes what a registry wrote', () => {
    expect(lines.join('\n')).toContain(String.raw`no\u202Ename`);
    expect(lines.join('\n')).not.toContain('\u202E');
  });
});

describe('exchangeLines', () => {
  it('says that there was no answer', () => {
    const { status: _status, bodyStart: _body, ...unanswered } = exchange;
    expect(exchangeLines({ ...unanswered, responseHeaders: [] })).toEqual([
      'GET https://reg.example/v2/',
      'accept: */*',
      '',
      'no answer',
    ]);
  });
});
