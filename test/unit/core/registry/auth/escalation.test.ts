import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLearnedScopes,
  foreignWords,
  insufficientScopes,
  readScopes,
  withinNeed,
} from '#main/core/registry/auth/escalation.ts';
import { cleanScopes, parseScope } from '#main/core/registry/auth/scopes.ts';
import { parseChallenges } from '#main/core/registry/transport/challenge.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type RetryVector = {
  readonly id: string;
  readonly kind: string;
  readonly status: number;
  readonly headers: readonly string[];
  readonly expect: {
    readonly retry: boolean;
    readonly scope?: { readonly type: string; readonly name: string; readonly actions: string };
  };
};

const retries = loadVectors<RetryVector>('challenges', (vector) => vector.kind === 'scope-retry');

describe.skipIf(!hasVectors)('insufficientScopes on the shared vectors', () => {
  it.each(retries)('$id', ({ status, headers, expect: { retry, scope } }) => {
    const expected = retry && scope !== undefined ? [`${scope.type}:${scope.name}:${scope.actions}`] : [];
    expect(insufficientScopes(status, parseChallenges(headers).challenges)).toEqual(expected);
  });
});

describe('insufficientScopes', () => {
  it('takes the 403 of RFC 6750 as well as the 401 of registries', () => {
    const { challenges } = parseChallenges(['Bearer error="insufficient_scope",scope="repository:a:pull,push"']);
    expect(insufficientScopes(403, challenges)).toEqual(['repository:a:pull,push']);
    expect(insufficientScopes(404, challenges)).toEqual([]);
  });
});

describe('withinNeed', () => {
  it.each([
    ['a read: reads of the same repository', ['repository:a:pull'], ['repository:a:metadata_read,pull']],
    ['a push: pushes too', ['repository:a:pull,push'], ['repository:a:metadata_read,pull,push']],
    [
      'a deletion: all of it',
      ['repository:a:delete'],
      // `*` stands for the others, which is what Quay wants.
      ['repository:a:*'],
    ],
    ['the catalog: the catalog', ['registry:catalog:*'], ['registry:catalog:*']],
    ['a ping: nothing', [], []],
  ])('gives %s', (_name, own, expected) => {
    const named = [
      'repository:a:pull,push,delete,*,metadata_read,metadata_write',
      'repository:b:pull',
      'registry:catalog:*',
      'aws',
    ];
    expect(withinNeed(named, own)).toEqual(expected);
  });

  it('never gives a read anything but reads of its own repository (A11)', () => {
    const part = fc.constantFrom(
      'repository',
      'registry',
      'a',
      'b',
      ':',
      ',',
      'pull',
      'push',
      '*',
      'delete',
      ' ',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(fc.array(part).map((parts) => parts.join(''))), (named) => {
        for (const scope of withinNeed(named, ['repository:a:pull'])) {
          expect(parseScope(scope)).toMatchObject({ type: 'repository', name: 'a', actions: ['pull'] });
        }
      }),
    );
  });
});

describe('createLearnedScopes', () => {
  it('keeps what it learned for that repository', () => {
    const learned = createLearnedScopes();
    expect(learned.learn(['repository:a:pull'], ['repository:a:metadata_read'])).toBe(true);
    expect(learned.widen(['repository:a:pull'])).toEqual(['repository:a:metadata_read,pull']);
    expect(learned.widen(['repository:b:pull'])).toEqual(['repository:b:pull']);
  });

  it('learns nothing from what it knows or asks for already', () => {
    const learned = createLearnedScopes();
    expect(learned.learn(['repository:a:pull'], ['repository:a:pull'])).toBe(false);
    learned.learn(['repository:a:pull'], ['repository:a:metadata_read']);
    expect(learned.learn(['repository:a:pull'], ['repository:a:metadata_read'])).toBe(false);
  });

  it('does not give a read what a deletion learned', () => {
    const learned = createLearnedScopes();
    learned.learn(['repository:a:delete'], ['repository:a:*']);
    expect(learned.widen(['repository:a:delete'])).toEqual(['repository:a:*']);
    expect(learned.widen(['repository:a:pull'])).toEqual(['repository:a:pull']);
  });
});

describe('foreignWords', () => {
  it.each([
    [undefined, []],
    ['aws', ['aws']],
    ['*', ['*']],
    ['repository:b:pull aws REPOSITORY:b:push,\t', ['aws']],
  ])('of %j are %j', (scope, words) => {
    expect(foreignWords(scope)).toEqual(words);
  });

  it('are ten at most', () => {
    expect(foreignWords('a '.repeat(50))).toHaveLength(10);
  });
});

describe('readScopes', () => {
  it('are the reads of a challenge and its words', () => {
    const challenged = 'repository:x/y:pull,push registry:catalog:* aws repository:z:push';
    expect(readScopes(challenged)).toEqual(['repository:x/y:pull', 'aws']);
    expect(cleanScopes(readScopes(undefined))).toEqual([]);
  });
});
