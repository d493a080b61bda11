import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupByDigest } from '#renderer/lib/group-by-digest.ts';

describe('grouping by digest', () => {
  test('siblings stand together, in the order of their first tag', () => {
    const digests = new Map([
      ['1', 'x'],
      ['2', 'y'],
      ['latest', 'x'],
    ]);
    expect(groupByDigest(['1', '2', 'gone', 'latest'], (tag) => digests.get(tag))).toEqual({
      groups: [
        { digest: 'x', tags: ['1', 'latest'] },
        { digest: 'y', tags: ['2'] },
      ],
      unresolved: ['gone'],
    });
  });

  test('every tag is in one place and only one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string()),
        fc.func(fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined })),
        (tags, digestOf) => {
          const { groups, unresolved } = groupByDigest(tags, digestOf);
          expect([...groups.flatMap((group) => group.tags), ...unresolved].sort()).toEqual([...tags].sort());
        },
      ),
    );
  });
});
