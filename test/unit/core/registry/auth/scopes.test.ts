import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CATALOG_SCOPE,
  cleanActions,
  cleanScopes,
  inRequestOrder,
  parseScope,
  pullScope,
  repositoryOf,
  repositoryScope,
} from '#main/core/registry/auth/scopes.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type Step = {
  readonly op: 'set' | 'append';
  readonly host?: string;
  readonly scopes: readonly string[];
  readonly expect: readonly string[];
};
type Vector = { readonly id: string } & (
  | { readonly kind: 'clean'; readonly scopes: readonly string[]; readonly expect: readonly string[] }
  | { readonly kind: 'actions'; readonly actions: readonly string[]; readonly expect: readonly string[] }
  | {
      readonly kind: 'repository-scope';
      readonly repository: string;
      readonly actions: readonly string[];
      readonly expect: string;
    }
  | { readonly kind: 'sequence'; readonly steps: readonly Step[] }
  | { readonly kind: 'scope-of-reference'; readonly input: string; readonly action: string; readonly expect: string }
  | { readonly kind: 'scope-of-registry'; readonly input: string; readonly action: string; readonly expect: string }
);

function outcomeOf(vector: Vector): unknown {
  if (vector.kind === 'clean') return cleanScopes(vector.scopes);
  if (vector.kind === 'actions') return cleanActions(vector.actions);
  if (vector.kind === 'repository-scope') return repositoryScope(vector.repository, vector.actions);
  if (vector.kind === 'sequence') return listsAfter(vector.steps);
  if (vector.kind === 'scope-of-reference') return pullScope(parseReference(vector.input).repository);
  return CATALOG_SCOPE;
}

/** A store of scopes by host, which is what keeps learned scopes: a step replaces or adds. */
function listsAfter(steps: readonly Step[]): readonly (readonly string[])[] {
  const store = new Map<string, readonly string[]>();
  return steps.map(({ op, host = '', scopes }) => {
    const list = cleanScopes(op === 'set' ? scopes : [...(store.get(host) ?? []), ...scopes]);
    store.set(host, list);
    return list;
  });
}

describe.skipIf(!hasVectors)('scopes on the shared vectors', () => {
  it.each(loadVectors<Vector>('scopes'))('$id', (vector) => {
    expect(outcomeOf(vector)).toEqual(
      vector.kind === 'sequence' ? vector.steps.map((step) => step.expect) : vector.expect,
    );
  });
});

describe('parseScope', () => {
  it('reads a name with a port', () => {
    expect(parseScope('repository:registry.test:5000/a/b:pull,push')).toEqual({
      type: 'repository',
      name: 'registry.test:5000/a/b',
      actions: ['pull', 'push'],
    });
  });

  it.each(['aws', '*', '', ':', 'repository:a', ':a:pull'])('knows that %j is none', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});

describe('inRequestOrder', () => {
  it.each([
    [
      ['repository:a:pull', 'repository:b:pull,push'],
      ['repository:b:pull,push', 'repository:a:pull'],
    ],
    [
      ['aws', 'repository:a:pull'],
      ['repository:a:pull', 'aws'],
    ],
    [
      ['repository:z:delete', 'repository:a:pull'],
      ['repository:z:delete', 'repository:a:pull'],
    ],
    [
      ['repository:b:pull', 'repository:a:pull'],
      ['repository:a:pull', 'repository:b:pull'],
    ],
  ])('puts what may write before the rest and words last: %j', (scopes, expected) => {
    expect(inRequestOrder(scopes)).toEqual(expected);
  });

  const word = fc.constantFrom(
    'aws',
    '*',
    'repository:a:pull',
    'repository:a:push',
    'repository:b/c:delete,pull',
    'x:',
  );

  it('asks for the same in the same order however it is put together', () => {
    fc.assert(
      fc.property(fc.array(word), (scopes) => {
        const ordered = inRequestOrder(scopes);
        expect(inRequestOrder(scopes.toReversed())).toEqual(ordered);
        expect(inRequestOrder(ordered)).toEqual(ordered);
        expect(ordered.toSorted()).toEqual(cleanScopes(scopes));
      }),
    );
  });
});

describe('repositoryOf', () => {
  it.each([
    [['repository:acme/web:pull'], 'acme/web'],
    [['repository:a:pull', 'repository:b:pull,push'], 'b'],
    [[CATALOG_SCOPE], undefined],
    [[], undefined],
  ])('of %j is %s', (scopes, repository) => {
    expect(repositoryOf(scopes)).toBe(repository);
  });
});
