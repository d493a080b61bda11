import { describe, expect, it } from 'vitest';
import { pullScope, scopesToRequest } from '#main/core/registry/auth/scopes.ts';
import { lifetimeSeconds, tokenUrl } from '#main/core/registry/auth/token.ts';

describe('scopesToRequest', () => {
  it.each([
    ['our own when the challenge names none', undefined, ['repository:a:pull']],
    [
      'our own, not another repository nor push (A11)',
      'repository:b:pull repository:a:push registry:catalog:*',
      ['repository:a:pull'],
    ],
    [
      'our own, however another resource is spelled (A11)',
      'repository:b:push,- repository:b:pull,PUSH repository:b:push,\t REPOSITORY:b:push',
      ['repository:a:pull'],
    ],
    ['words that name no resource as they are', 'aws', ['repository:a:pull', 'aws']],
    ['the star of codeberg.org', '*', ['repository:a:pull', '*']],
  ])('asks for %s', (_name, challenged, expected) => {
    expect(scopesToRequest([pullScope('a')], challenged)).toEqual(expected);
  });
});

describe('tokenUrl', () => {
  it('keeps the query of the realm byte for byte and appends ours', () => {
    const realm = new URL('https://auth.test/token?a=%2F&b=c+d');
    expect(tokenUrl({ realm, service: 'x y', scopes: ['s:1', 's:2'] }).href).toBe(
      'https://auth.test/token?a=%2F&b=c+d&service=x+y&scope=s%3A1&scope=s%3A2',
    );
  });

  it('leaves out scopes that the realm brings along (A11)', () => {
    const realm = new URL('https://auth.test/token?scope=repository:b:push&a=%2F&sc%6Fpe=repository:c:pull&scopes=x');
    expect(tokenUrl({ realm, service: undefined, scopes: ['s:1'] }).href).toBe(
      'https://auth.test/token?a=%2F&scopes=x&scope=s%3A1',
    );
  });

  it('adds nothing where there is nothing', () => {
    expect(tokenUrl({ realm: new URL('https://auth.test/token'), service: undefined, scopes: [] }).href).toBe(
      'https://auth.test/token',
    );
  });
});

describe('lifetimeSeconds', () => {
  it.each([
    [undefined, 60],
    [0, 60],
    [-1, 60],
    [Number.POSITIVE_INFINITY, 60],
    ['300', 60],
    [300, 300],
    [1e9, 86_400],
  ])('takes %s for %i (A15)', (value, seconds) => {
    expect(lifetimeSeconds(value)).toBe(seconds);
  });
});
