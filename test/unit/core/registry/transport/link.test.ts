import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextLink, parseLinks } from '#main/core/registry/transport/link.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type NextVector = {
  readonly id: string;
  readonly kind: 'next';
  readonly requestUrl: string;
  readonly headers: readonly string[];
  readonly expect: { readonly result: 'next' | 'none' | 'error' | 'rejected'; readonly url?: string };
};
type FindVector = {
  readonly id: string;
  readonly kind: 'find';
  readonly headers: readonly string[];
  readonly param: string;
  readonly value: string;
  readonly expect: { readonly uri: string | null };
};

const follow = (requestUrl: string, ...lines: readonly string[]) => {
  const link = nextLink(new URL(requestUrl), lines);
  return link.result === 'next' ? { result: link.result, url: link.url.href } : { result: link.result };
};

describe.skipIf(!hasVectors)('nextLink on the shared vectors', () => {
  it.each(loadVectors<NextVector>('link-headers', (vector) => vector.kind === 'next'))('$id', (vector) => {
    expect(follow(vector.requestUrl, ...vector.headers)).toEqual(vector.expect);
  });
});

describe.skipIf(!hasVectors)('parseLinks on the shared vectors', () => {
  it.each(loadVectors<FindVector>('link-headers', (vector) => vector.kind === 'find'))('$id', (vector) => {
    const found = parseLinks(vector.headers)?.find((link) => link.params.get(vector.param) === vector.value);
    expect(found?.uri ?? null).toBe(vector.expect.uri);
  });
});

describe('nextLink', () => {
  const page = 'https://registry.test/v2/a/tags/list';

  it.each([
    ['an empty target', '<>; rel="next"', 'error'],
    ['a missing bracket', '</v2/x; rel=next', 'error'],
    ['an unquoted relation', '</v2/x>; rel=next', 'next'],
    ['two relations in one value', '</v2/x>; rel="prev next"', 'next'],
    ['a link that is not the next', '</v2/x>; rel="prev"', 'none'],
    ['userinfo', '<https://u@registry.test/v2/x>; rel="next"', 'rejected'],
    ['another scheme', '<javascript:alert(1)>; rel="next"', 'rejected'],
  ])('treats %s as it says (P05)', (_name, header, result) => {
    expect(follow(page, header).result).toBe(result);
  });

  it('never leaves the origin, whatever the header holds (P01)', () => {
    const part = fc.constantFrom(
      '//',
      '/',
      '\\',
      'evil.test',
      '@',
      ':',
      '?',
      '#',
      'https:',
      'http:',
      '.',
      '%2f',
      'v2',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const link = nextLink(new URL(page), [`<${parts.join('')}>; rel="next"`]);
        const origin = link.result === 'next' ? link.url.origin : 'https://registry.test';
        expect(origin).toBe('https://registry.test');
      }),
    );
  });

  it('never throws on arbitrary headers', () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('</a>;="rel next\\,\t\u0000é')), maxLength: 120 });
    fc.assert(
      fc.property(fc.array(soup, { maxLength: 4 }), (lines) => {
        expect(nextLink(new URL(page), lines)).toHaveProperty('result');
      }),
    );
  });
});
