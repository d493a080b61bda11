import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfigFile } from '#main/core/config-credentials/config-file.ts';
import { bestMatch } from '#main/core/config-credentials/config-keys.ts';

describe('parseConfigFile', () => {
  it('reads what docker and podman write, and passes over the rest', () => {
    const text = JSON.stringify({
      auths: { 'a.example': { auth: 'YWxpY2U6cHc=', email: 'a@a.example' }, 'b.example': {} },
      credHelpers: { 'c.example': 'pass', 'd.example': 7 },
      credsStore: 'desktop',
      HttpHeaders: { 'User-Agent': 'Docker-Client' },
      currentContext: 'default',
    });
    expect(parseConfigFile(text)).toEqual({
      kind: 'read',
      file: {
        auths: [
          ['a.example', { kind: 'credential', credential: { kind: 'password', username: 'alice', secret: 'pw' } }],
          ['b.example', { kind: 'empty' }],
        ],
        credHelpers: [['c.example', 'pass']],
        credsStore: 'desktop',
      },
    });
  });

  it('keeps a host called __proto__ as text, and Object as it was', () => {
    const text = '{"auths":{"__proto__":{"auth":"YWxpY2U6cHc="},"constructor":{}},"credHelpers":{"__proto__":"x"}}';
    const parsed = parseConfigFile(text);
    expect(parsed.kind === 'read' && parsed.file.auths.map(([key]) => key)).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'auth')).toBe(false);
  });

  it.each(['', 'null', '[]', '"text"', '{"auths":', '\u0000'])('calls %j unreadable and quotes none of it', (text) => {
    expect(parseConfigFile(text)).toEqual({ kind: 'unreadable', why: 'it is not a JSON object' });
  });

  it('takes auths, helpers and store of any JSON, and never throws', () => {
    const any = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(any, any, any, fc.string(), (auths, credHelpers, credsStore, host) => {
        const parsed = parseConfigFile(JSON.stringify({ auths, credHelpers, credsStore }));
        if (parsed.kind !== 'read') throw new Error('an object is always read');
        expect(typeof (parsed.file.credsStore ?? '')).toBe('string');
        const match = bestMatch(parsed.file.auths, { host, repository: host });
        expect(match === undefined || parsed.file.auths.some(([key]) => key === match.key)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['read', 'unreadable']).toContain(parseConfigFile(text).kind);
      }),
    );
  });
});
