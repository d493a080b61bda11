import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathTree, type PathFolder } from '#renderer/lib/path-tree.ts';

/** The tree as indented lines; a folder ends with a slash. */
function linesOf(folder: PathFolder, indent = ''): readonly string[] {
  return folder
    .nodes()
    .flatMap((node) =>
      node.kind === 'folder'
        ? [`${indent}${node.name}/`].concat(linesOf(node.inside, `${indent}  `))
        : [`${indent}${node.name} = ${node.repository}`],
    );
}

const segment = fc.stringMatching(/^[ab]?[0-9]{0,2}[v-]?$/).filter((text) => text !== '');
const repository = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const pagesOfNames = fc.array(fc.array(repository, { maxLength: 8 }), { minLength: 1, maxLength: 5 });

describe('pathTree', () => {
  it('has folders and repositories in natural order, a name that is both twice', () => {
    expect(linesOf(pathTree([['b/v10', 'b/v9', 'a', 'b', 'a/x/y']]))).toEqual([
      'a/',
      '  x/',
      '    y = a/x/y',
      'a = a',
      'b/',
      '  v9 = b/v9',
      '  v10 = b/v10',
      'b = b',
    ]);
  });

  it('is the same for a list that grows page by page, looked at meanwhile or not, and for the list at once', () => {
    fc.assert(
      fc.property(pagesOfNames, fc.boolean(), (pages, isLookedAt) => {
        pages.forEach((_, index) => {
          const growing = pathTree(pages.slice(0, index + 1));
          if (isLookedAt) linesOf(growing);
        });
        const once = pathTree([[...new Set(pages.flat())].sort()]);
        expect(linesOf(pathTree(pages))).toEqual(linesOf(once));
      }),
    );
  });

  it('keeps the list of a folder in which nothing has come', () => {
    const first = ['a/one', 'b/one'];
    const [a, b] = pathTree([first]).nodes();
    const insideOf = (node: typeof a) => (node?.kind === 'folder' ? node.inside.nodes() : undefined);
    const before = { a: insideOf(a), b: insideOf(b) };
    pathTree([first, ['b/two']]);
    expect(insideOf(a)).toBe(before.a);
    expect(insideOf(b)).toHaveLength(2);
    expect(before.b).toHaveLength(1);
  });

  it('begins anew when a page is no longer what it was', () => {
    const first = ['a'];
    pathTree([first, ['b']]);
    expect(linesOf(pathTree([first, ['c']]))).toEqual(['a = a', 'c = c']);
    expect(linesOf(pathTree([first]))).toEqual(['a = a']);
  });

  it('finds a repository at any depth', () => {
    const tree = pathTree([['a/b/c', 'd']]);
    expect(tree.some((name) => name === 'a/b/c')).toBe(true);
    expect(tree.some((name) => name === 'a/b')).toBe(false);
  });
});
