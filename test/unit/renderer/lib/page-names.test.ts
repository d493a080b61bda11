import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortNatural } from '#renderer/lib/natural-order.ts';
import { joinNames, namesOfPages, withNames } from '#renderer/lib/page-names.ts';

const name = fc.string({ unit: fc.constantFrom(...Array.from('v019.-aAb')), minLength: 1, maxLength: 4 });
const pagesOfNames = fc.array(fc.array(name, { maxLength: 12 }), { minLength: 1, maxLength: 6 });

describe('namesOfPages', () => {
  it('gives the names of all pages in natural order', () => {
    expect(namesOfPages([['v10', 'v9'], ['latest', 'v2'], ['v1']])).toEqual(['v1', 'v2', 'v9', 'v10', 'latest']);
  });

  it('gives a name once though two pages hold it, or one page twice', () => {
    expect(
      namesOfPages([
        ['b', 'a', 'b'],
        ['c', 'b'],
      ]),
    ).toEqual(['a', 'b', 'c']);
  });

  it('gives nothing for no page and for empty pages', () => {
    expect(namesOfPages([])).toEqual([]);
    expect(namesOfPages([[], []])).toEqual([]);
  });

  it('gives the same array for the same pages, so that nothing is drawn anew', () => {
    const pages = [['b'], ['a']];
    expect(namesOfPages([...pages])).toBe(namesOfPages([...pages]));
  });

  it('is a list that grows page by page the same as the list read at once', () => {
    fc.assert(
      fc.property(pagesOfNames, (pages) => {
        const grown = pages.map((_, index) => namesOfPages(pages.slice(0, index + 1))).at(-1);
        expect(grown).toEqual(sortNatural([...new Set(pages.flat())]));
      }),
    );
  });

  it('forgets pages that are no longer there, though the first is the same', () => {
    const first = ['a'];
    expect(namesOfPages([first, ['c']])).toEqual(['a', 'c']);
    expect(namesOfPages([first, ['b']])).toEqual(['a', 'b']);
    expect(namesOfPages([first])).toEqual(['a']);
  });

  it('does not change a list it gave before', () => {
    const first = ['b'];
    const before = namesOfPages([first]);
    namesOfPages([first, ['a', 'c']]);
    expect(before).toEqual(['b']);
  });
});

describe('joinNames', () => {
  it('gives the names of both pages as they came, and once each in natural order when they are drawn', () => {
    const joined = joinNames(['b', 'a10', 'b'], ['a9', 'a10']);
    expect(joined).toEqual(['b', 'a10', 'b', 'a9', 'a10']);
    expect(namesOfPages([joined])).toEqual(['a9', 'a10', 'b']);
  });

  it('draws what was joined answer by answer the same as the list read at once, behind a page that is drawn', () => {
    fc.assert(
      fc.property(pagesOfNames, pagesOfNames, ([first = [], ...drawn], [start = [], ...answers]) => {
        namesOfPages([first, ...drawn]);
        const joined = answers.reduce<readonly string[]>((page, next) => joinNames(page, next), start);
        const all = [first, ...drawn, start, ...answers].flat();
        expect(namesOfPages([first, ...drawn, joined])).toEqual(sortNatural([...new Set(all)]));
      }),
    );
  });
});

describe('withNames', () => {
  it('puts a missing name where it belongs, and nothing twice', () => {
    expect(withNames(['a1', 'a2', 'a10'], ['a9', 'a2', 'a9', 'b'])).toEqual(['a1', 'a2', 'a9', 'a10', 'b']);
    expect(withNames([], ['b', 'a'])).toEqual(['a', 'b']);
  });

  it('gives the same list when no name is missing', () => {
    const names = ['a', 'b'];
    expect(withNames(names, ['b'])).toBe(names);
  });
});
