import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortSemver } from '#renderer/lib/semver-order.ts';

describe('semver order', () => {
  test('versions come newest first, a release before its release candidates', () => {
    expect(sortSemver(['1.0.0', '2.0.0-rc.1', '2.0.0', '1.10.0', '1.9.0'])).toEqual([
      '2.0.0',
      '2.0.0-rc.1',
      '1.10.0',
      '1.9.0',
      '1.0.0',
    ]);
  });

  test('a v prefix is part of the tag but not of the version', () => {
    expect(sortSemver(['v1.2.0', '1.3.0', 'v1.10.0'])).toEqual(['v1.10.0', '1.3.0', 'v1.2.0']);
  });

  test('other tags follow in natural order', () => {
    expect(sortSemver(['latest', '1.9', '1.0.0', '1.10', 'edge'])).toEqual(['1.0.0', '1.9', '1.10', 'edge', 'latest']);
  });

  test('build metadata written with an underscore is read', () => {
    expect(sortSemver(['1.0.0_build.2', '0.9.0', '1.0.0_build.10'])).toEqual([
      '1.0.0_build.10',
      '1.0.0_build.2',
      '0.9.0',
    ]);
  });

  test('keeps every tag, in an order that does not depend on where it starts', () => {
    const part = fc.nat({ max: 12 });
    const version = fc.tuple(fc.constantFrom('', 'v'), part, part, part, fc.constantFrom('', '-rc.1', '_b', '-alpine'));
    const tag = fc.oneof(
      version.map(([v, a, b, c, rest]) => `${v}${a}.${b}.${c}${rest}`),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(tag), (tags) => {
        const sorted = sortSemver(tags);
        expect([...sorted].sort()).toEqual([...tags].sort());
        expect(sortSemver(tags.toReversed())).toEqual(sorted);
      }),
    );
  });
});
