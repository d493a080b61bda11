import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basicAuthorization, secretSpellings } from '#main/core/registry/auth/basic.ts';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { scrubSecrets } from '#main/core/registry/transport/redact.ts';

describe('basicAuthorization', () => {
  it('carries user and password in UTF-8', () => {
    expect(basicAuthorization('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
    expect(basicAuthorization('test', '123£')).toBe('Basic dGVzdDoxMjPCow==');
  });

  it.each([
    ['a:b', 'x'],
    ['a\n', 'x'],
    ['a', 'x\u0000'],
  ])('refuses %j with %j', (username, secret) => {
    expect(() => basicAuthorization(username, secret)).toThrow(InvalidInputError);
  });
});

describe('secretSpellings', () => {
  const secret = fc
    .string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 40 })
    .filter((text) => text.trim() === text);
  const written: readonly ((basic: string, password: string) => string)[] = [
    (basic) => `Authorization: ${basic}`,
    (basic) => `/x/${encodeURIComponent(basic.slice(6))}`,
    (basic) => basic.slice(6).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    (_basic, password) => `no such password: ${password}`,
    (_basic, password) => JSON.stringify({ password }),
    (_basic, password) => new URLSearchParams({ password }).toString(),
    (_basic, password) => `/x?p=${encodeURIComponent(password)}`,
  ];

  it('are had of any text', () => {
    expect(secretSpellings('u', '\ud800 lone surrogate')).toContain('\ud800 lone surrogate');
  });

  it('are found however a server repeats them', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...written), (password, write) => {
        fc.pre(!password.includes('REDACTED'));
        const basic = basicAuthorization('u', password);
        const text = scrubSecrets(write(basic, password), secretSpellings('u', password));
        expect(text).toContain('REDACTED');
        expect(text).not.toContain(password);
        expect(text).not.toContain(basic.slice(6).replace(/=+$/, ''));
      }),
    );
  });
});
