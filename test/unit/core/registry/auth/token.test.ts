import { describe, expect, it } from 'vitest';
import { tokenUrl } from '#main/core/registry/auth/token.ts';

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
