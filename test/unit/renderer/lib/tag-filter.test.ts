import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterTags, parseTagFilter } from '#renderer/lib/tag-filter.ts';

const DIGEST = `sha256:9f${'0'.repeat(62)}`;
const none = () => undefined;

describe('tag filter', () => {
  test('empty text keeps everything', () => {
    expect(filterTags(parseTagFilter('  '), ['a', 'b'], none).tags).toEqual(['a', 'b']);
  });

  test('text matches anywhere, in upper or lower case', () => {
    expect(filterTags(parseTagFilter('ALP'), ['1-alpine', 'edge'], none).tags).toEqual(['1-alpine']);
  });

  test('text between slashes is a pattern', () => {
    expect(filterTags(parseTagFilter(String.raw`/^1\.\d+$/`), ['1.27', '1.27.3', '11'], none).tags).toEqual(['1.27']);
  });

  test('a broken pattern says why and hides nothing', () => {
    const filter = parseTagFilter('/(/');
    expect(filter.kind).toBe('invalid');
    expect(filterTags(filter, ['a'], none).tags).toEqual(['a']);
  });

  test('the start of a digest keeps tags of that digest and counts those not known yet', () => {
    const filtered = filterTags(parseTagFilter('SHA256:9F'), ['a', 'b', 'c'], (tag) => {
      if (tag === 'a') return DIGEST;
      return tag === 'b' ? `sha256:${'1'.repeat(64)}` : undefined;
    });
    expect(filtered).toEqual({ tags: ['a'], undecidedCount: 1 });
  });

  test('any text gives a filter that keeps the order and invents nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, tags) => {
        const kept = filterTags(parseTagFilter(text), tags, none).tags;
        let from = 0;
        for (const tag of kept) {
          const at = tags.indexOf(tag, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + 1;
        }
      }),
    );
  });
});
