import { describe, expect, test } from 'vitest';
import { checkDestination, filterErrors, hasErrors, NO_FILTER, readFilter } from '#renderer/lib/copy-form.ts';
import type { NameFacts } from '#renderer/lib/name-pattern.ts';

const facts = (tag: string): NameFacts => ({
  repository: 'shop/web',
  name: 'web',
  registry: 'docker.io',
  tag,
  digest: undefined,
});
const to = { registryId: 'r', repository: 'mirror/{name}', tag: '{tag}' };

describe('readFilter', () => {
  test('is none when nothing is typed', () => {
    expect(readFilter({ include: ' ', exclude: '', semver: ' ' })).toBeUndefined();
  });

  test('takes patterns apart at spaces and commas, but not inside of braces', () => {
    expect(readFilter({ include: '1.*, {alpine,slim}-*  latest', exclude: '*-rc*', semver: ' ^1.27 ' })).toEqual({
      include: ['1.*', '{alpine,slim}-*', 'latest'],
      exclude: ['*-rc*'],
      semver: '^1.27',
    });
  });
});

describe('filterErrors', () => {
  test('finds a range that is none', () => {
    expect(filterErrors({ ...NO_FILTER, semver: 'newest' }).semver).toMatch(/^Not a version range/);
    expect(hasErrors(filterErrors({ ...NO_FILTER, semver: '>=2 <3 || ^5' }))).toBe(false);
  });

  test('finds more patterns than the engine takes', () => {
    expect(filterErrors({ ...NO_FILTER, include: 'a '.repeat(51) }).include).toBe('50 patterns at most');
  });
});

describe('checkDestination', () => {
  test('is good where every name is', () => {
    const check = checkDestination(to, [facts('1'), facts('2')]);
    expect(check.errors).toEqual({});
    expect(check.previews.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual([
      'mirror/web:1',
      'mirror/web:2',
    ]);
  });

  test('puts each fault at the field it is in', () => {
    expect(checkDestination({ ...to, repository: 'Mirror' }, [facts('1')]).errors).toEqual({
      repository: '“Mirror” is not a repository name',
    });
    expect(checkDestination({ ...to, tag: 'a b' }, [facts('1')]).errors).toEqual({ tag: '“a b” is not a tag' });
    expect(checkDestination({ ...to, tag: '{nope}' }, []).errors.tag).toMatch(/^There is no \{nope\}/);
    expect(checkDestination({ ...to, registryId: '' }, []).errors.registryId).toBe('Choose a registry');
  });

  test('warns of names that two sources end at', () => {
    expect(checkDestination({ ...to, tag: 'same' }, [facts('1'), facts('2'), facts('3')]).clashCount).toBe(2);
  });
});
