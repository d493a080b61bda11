import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGrants } from '#main/core/registry/connection-test/token-grants.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (payload: unknown) => `${part({ alg: 'none' })}.${part(payload)}.signature`;

describe('readGrants', () => {
  it('writes what a token grants as scopes', () => {
    const access = [
      { type: 'repository', name: 'acme/web', actions: ['pull', 'push'] },
      { type: 'registry', name: 'catalog', actions: ['*'] },
    ];
    expect(readGrants(token({ access, exp: 1 }))).toEqual(['repository:acme/web:pull,push', 'registry:catalog:*']);
  });

  it('tells a token that grants nothing from one that does not say', () => {
    expect(readGrants(token({ access: [] }))).toEqual([]);
    expect(readGrants(token({ access: null }))).toEqual([]);
    expect(readGrants(token({ sub: 'alice' }))).toBeUndefined();
    expect(readGrants('opaque')).toBeUndefined();
    expect(readGrants('a.b.c')).toBeUndefined();
  });

  it('shows no more than twenty', () => {
    const access = Array.from({ length: 30 }, (_, index) => ({
      type: 'repository',
      name: `r${index}`,
      actions: ['pull'],
    }));
    const grants = readGrants(token({ access }));
    expect(grants).toHaveLength(21);
    expect(grants?.at(-1)).toBe('10 more');
  });

  it('reads any text without throwing, and shows a bounded list', () => {
    const size = (text: string) => readGrants(text)?.length ?? 0;
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        expect(size(text)).toBeLessThanOrEqual(21);
        expect(size(`a.${Buffer.from(json).toString('base64url')}.c`)).toBeLessThanOrEqual(21);
      }),
    );
  });
});
