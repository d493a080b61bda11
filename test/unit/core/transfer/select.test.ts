import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '#main/core/content-digest.ts';
import { compileGlob } from '#main/core/transfer/select/glob.ts';
import { repositoryFrom, tagFrom } from '#main/core/transfer/select/name-pattern.ts';
import { compileTagFilter } from '#main/core/transfer/select/tag-filter.ts';

describe('compileGlob', () => {
  it.each([
    ['1.*', '1.27', true],
    ['1.*', '1', false],
    ['*', '', true],
    ['*-alpine', '1.27-alpine', true],
    ['*-alpine', '1.27-alpine3', false],
    ['v?', 'v1', true],
    ['v?', 'v12', false],
    ['{1.26,1.27}*', '1.27-slim', true],
    ['{1.26,1.27}*', '1.28', false],
    ['a{b,}c', 'ac', true],
    ['a{b', 'a{b', true],
    ['1.[0-9]', '1.5', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  it('matches what a regular expression of the same meaning matches', () => {
    const letters = string({ unit: constantFrom('a', 'b', '.', '-'), maxLength: 12 });
    const pattern = string({ unit: constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    assert(
      property(pattern, letters, (glob, text) => {
        const escaped = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(compileGlob(glob)(text)).toBe(new RegExp(`^${escaped}$`).test(text));
      }),
    );
  });

  it('does not go back over and over for a pattern full of stars', () => {
    const test = compileGlob(`${'*a'.repeat(40)}b`);
    expect(test('a'.repeat(128))).toBe(false);
  });

  it('refuses a pattern that stands for too many', () => {
    expect(() => compileGlob('{a,b}'.repeat(7))).toThrow('64');
  });
});

describe('compileTagFilter', () => {
  const tags = ['latest', '1', '1.26', '1.27', '1.27.1', 'v1.28.0', '1.27.1-alpine', '2.0.0-rc.1', 'edge'];
  const passing = (filter: Parameters<typeof compileTagFilter>[0]) => tags.filter(compileTagFilter(filter));

  it('lets all pass when nothing is set', () => {
    expect(passing(undefined)).toEqual(tags);
    expect(passing({ include: [], exclude: [], semver: ' ' })).toEqual(tags);
  });

  it('lets exclude win over include', () => {
    expect(passing({ include: ['1.*'], exclude: ['*-alpine', '1.26'] })).toEqual(['1.27', '1.27.1']);
  });

  it('takes versions of one or two numbers, and with a v, for versions', () => {
    expect(passing({ semver: '>=1.27' })).toEqual(['1.27', '1.27.1', 'v1.28.0']);
    expect(passing({ semver: '^1' })).toEqual(['1', '1.26', '1.27', '1.27.1', 'v1.28.0']);
  });

  it('takes what stands after a hyphen for a prerelease, which only a range that names one includes', () => {
    expect(passing({ semver: '>=1.27.1-0 <2' })).toEqual(['1.27.1', 'v1.28.0', '1.27.1-alpine']);
    expect(passing({ semver: '>=2.0.0-rc.0' })).toEqual(['2.0.0-rc.1']);
  });

  it('wants pattern and range both', () => {
    expect(passing({ include: ['v*'], semver: '^1' })).toEqual(['v1.28.0']);
  });

  it('refuses a range that is none', () => {
    expect(() => compileTagFilter({ semver: 'newest' })).toThrow('semver');
  });

  it('leaves the tags out that only accompany an image, unless a pattern spells them out', () => {
    const hex = 'a'.repeat(64);
    const companions = [`sha256-${hex}`, `sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}.sbom`];
    expect(companions.filter(compileTagFilter())).toEqual([]);
    expect(companions.filter(compileTagFilter({ include: ['*'] }))).toEqual([]);
    expect(companions.filter(compileTagFilter({ include: ['sha256-*.sig'] }))).toEqual([`sha256-${hex}.sig`]);
    expect([`sha256-${hex.slice(1)}`, 'sha256-x'].filter(compileTagFilter())).toHaveLength(2);
  });
});

describe('name patterns', () => {
  const digest = digestOf(Buffer.from('x'));
  const values = { registry: 'reg.example:5000', repository: 'team/web/api', tag: '1.2', digest };

  it('put the names of the source in their places', () => {
    expect(repositoryFrom('mirror/{repository}', values)).toBe('mirror/team/web/api');
    expect(repositoryFrom('{registry}/{name}', values)).toBe('reg.example-5000/api');
    expect(tagFrom('{tag}-copy', values)).toBe('1.2-copy');
    expect(tagFrom('{digest}', values)).toBe(digest.slice('sha256:'.length));
  });

  it('do not look into what they have put in', () => {
    expect(() => repositoryFrom('{repository}', { ...values, repository: '{tag}' })).toThrow('{tag}');
  });

  it('give no tag where there is none', () => {
    expect(tagFrom('{tag}', { digest })).toBeUndefined();
    expect(tagFrom('', values)).toBeUndefined();
  });

  it.each(['UPPER', 'a//b', '..', 'a b', '{nothing}'])('refuse the repository %s', (pattern) => {
    expect(() => repositoryFrom(pattern, values)).toThrow('bad-name');
  });

  it('refuse a tag that is none', () => {
    expect(() => tagFrom('a/{tag}', values)).toThrow('bad-name');
    expect(() => tagFrom('x'.repeat(129), values)).toThrow('bad-name');
  });

  it('forgive slashes at either end, where a value was empty', () => {
    expect(repositoryFrom('{registry}/{repository}/', { ...values, registry: '' })).toBe('team/web/api');
  });
});
