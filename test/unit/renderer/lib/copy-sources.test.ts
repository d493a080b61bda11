import { describe, expect, test } from 'vitest';
import {
  describeSources,
  itemsOf,
  knownOf,
  knownPlatforms,
  knownSize,
  sourceName,
  sourceReference,
  type CopySource,
} from '#renderer/lib/copy-sources.ts';

const DIGEST = `sha256:${'9f'.repeat(32)}`;
const image = (reference: string, more: object = {}): CopySource => ({
  kind: 'image',
  registryId: 'r',
  repository: 'shop/web',
  reference,
  ...more,
});
const whole = (repository: string): CopySource => ({ kind: 'repository', registryId: 'r', repository });

describe('describeSources', () => {
  test.each([
    [[], 'Nothing'],
    [[image('1.2')], 'shop/web:1.2'],
    [[image(DIGEST)], 'shop/web@9f9f9f9f9f9f'],
    [[image('1'), image('2')], '2 images of shop/web'],
    [[whole('a'), whole('b')], '2 repositories'],
    [[image('1'), whole('b')], '1 image and 1 repository'],
    [[image('1'), { ...image('1'), repository: 'other' }], '2 images'],
  ])('says %j in words', (sources, text) => {
    expect(describeSources(sources)).toBe(text);
  });
});

test('a reference is what one would paste', () => {
  expect(sourceReference(image('1.2'), 'ghcr.io')).toBe('ghcr.io/shop/web:1.2');
  expect(sourceReference(image(DIGEST), 'ghcr.io')).toBe(`ghcr.io/shop/web@${DIGEST}`);
  expect(sourceReference(whole('a/b'), 'ghcr.io')).toBe('ghcr.io/a/b');
  expect(sourceName(whole('a/b'))).toBe('a/b');
});

test('a filter narrows repositories and never single images', () => {
  const filter = { include: ['1.*'], exclude: [] };
  expect(itemsOf([image('latest'), whole('a')], filter)).toEqual([
    { kind: 'image', registryId: 'r', repository: 'shop/web', reference: 'latest' },
    { kind: 'repository', registryId: 'r', repository: 'a', filter },
  ]);
  expect(itemsOf([whole('a')])).toEqual([{ kind: 'repository', registryId: 'r', repository: 'a' }]);
});

describe('knownSize', () => {
  test('is the sum when every size is known, and at least that when one is of one platform', () => {
    expect(knownSize([image('1', { sizeBytes: 5 }), image('2', { sizeBytes: 7 })])).toEqual({
      bytes: 12,
      isAtLeast: false,
    });
    expect(knownSize([image('1', { sizeBytes: 5, isAtLeast: true })])).toEqual({ bytes: 5, isAtLeast: true });
  });

  test('is not known for a repository, or where one size is missing', () => {
    expect(knownSize([image('1', { sizeBytes: 5 }), image('2')])).toBeUndefined();
    expect(knownSize([whole('a')])).toBeUndefined();
    expect(knownSize([])).toBeUndefined();
  });
});

test('the size of an index is told of one platform, so the index is at least that', () => {
  expect(knownOf({ sizeBytes: 5, platforms: ['linux/amd64', 'linux/arm64'] }).isAtLeast).toBe(true);
  expect(knownOf({ sizeBytes: 5, platforms: ['linux/amd64'] }).isAtLeast).toBe(false);
  expect(knownOf(undefined)).toEqual({});
});

test('platforms are those of all images, each once', () => {
  const sources = [image('1', { platforms: ['a', 'b'] }), image('2', { platforms: ['b', 'c'] }), whole('x')];
  expect(knownPlatforms(sources)).toEqual(['a', 'b', 'c']);
});
