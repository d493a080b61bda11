import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Files } from '#main/core/layers/browse/create-files.ts';
import { createGlob } from '#main/core/layers/browse/glob.ts';
import type { FileOrder } from '#main/core/layers/browse/list-directory.ts';
import { sortInSlices } from '#main/core/layers/overlay/sort-in-slices.ts';
import { createSlices } from '#main/core/slices.ts';
import { dir, file, filesOf, hardlink, MERGED, symlink } from '#test/support/layer-files.ts';

const WHOLE = { offset: 0, limit: 1000 };
const BY_NAME: FileOrder = { by: 'name', descending: false, foldersFirst: true };

const namesIn = async (files: Files, path: string, order: FileOrder = BY_NAME) =>
  (await files.list({ view: MERGED, path, order, window: WHOLE })).rows.map(({ name }) => name);

const tree = () =>
  filesOf([
    dir('d', { modified: 30 }),
    file('d/x', 10),
    file('d/y', 5),
    file('B', 20, { modified: 10 }),
    file('a', 100, { modified: 20 }),
    symlink('l', 'd'),
  ]);

describe('list', () => {
  it('puts folders first and names in the order of their codes', async () => {
    expect(await namesIn(await tree(), '')).toEqual(['d', 'B', 'a', 'l']);
    expect(await namesIn(await tree(), '', { ...BY_NAME, foldersFirst: false })).toEqual(['B', 'a', 'd', 'l']);
    expect(await namesIn(await tree(), '', { ...BY_NAME, descending: true })).toEqual(['d', 'l', 'a', 'B']);
  });

  it('orders by size and by time, a folder by what is in it', async () => {
    const order = { by: 'size', descending: true, foldersFirst: false } as const;
    expect(await namesIn(await tree(), '', order)).toEqual(['a', 'B', 'd', 'l']);
    expect(await namesIn(await tree(), '', { ...order, by: 'modified' })).toEqual(['l', 'd', 'a', 'B']);
  });

  it('gives the window that is asked for, and the folder itself', async () => {
    const files = await filesOf(
      Array.from({ length: 5000 }, (_, index) => file(`d/${String(index).padStart(4, '0')}`, 2)),
    );
    const window = { offset: 4990, limit: 1000 };
    const { rows, totalCount, directory } = await files.list({ view: MERGED, path: 'd', order: BY_NAME, window });
    expect(rows.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, index) => `499${index}`));
    expect(totalCount).toBe(5000);
    expect(directory).toMatchObject({
      path: 'd',
      type: 'directory',
      childCount: 5000,
      fileCount: 5000,
      sizeBytes: 10_000,
    });
  });

  it('refuses a file and what is not there', async () => {
    const files = await tree();
    await expect(namesIn(files, 'a')).rejects.toMatchObject({ reason: 'not-a-directory', detail: 'a' });
    await expect(namesIn(files, 'd/none')).rejects.toMatchObject({ reason: 'no-such-path' });
    await expect(namesIn(files, '../d')).rejects.toMatchObject({ reason: 'no-such-path' });
    expect(await namesIn(files, '/d/')).toEqual(['x', 'y']);
  });

  it('refuses a layer that is not there', async () => {
    const files = await tree();
    await expect(files.viewOf({ kind: 'layer', layer: 1 })).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(files.viewOf({ kind: 'merged', upToLayer: 1, deleted: false })).rejects.toThrow('there are 1 layers');
  });

  it('lists an image without layers as an empty root', async () => {
    const { rows, directory } = await (await filesOf()).list({ view: MERGED, path: '', order: BY_NAME, window: WHOLE });
    expect(rows).toEqual([]);
    expect(directory).toMatchObject({ path: '', type: 'directory', childCount: 0, fileCount: 0 });
  });

  it('says in a layer’s own listing what became of each entry', async () => {
    const files = await filesOf([file('a'), file('b')], [file('.wh.a')]);
    const view = { kind: 'layer', layer: 0 } as const;
    const { rows } = await files.list({ view, path: '', order: BY_NAME, window: WHOLE });
    expect(rows.map(({ name, state, hiddenBy }) => [name, state, hiddenBy?.layer])).toEqual([
      ['a', 'hidden', 1],
      ['b', 'present', undefined],
    ]);
  });
});

describe('search', () => {
  const found = async (query: string, under = '') => {
    const files = await filesOf([
      file('usr/lib/libSSL.so'),
      file('usr/lib/libssl.so.3'),
      file('usr/lib/x/ssl'),
      file('usr/libssl'),
      file('etc/ssl/cert.pem'),
      file('etc/[odd]'),
      file('a.b/c'),
    ]);
    return (await files.search({ view: MERGED, query, under, window: WHOLE })).rows.map(({ path }) => path);
  };

  it('finds a piece of a name in any case, in the order of paths, a folder before what is in it', async () => {
    expect(await found('SSL')).toEqual([
      'etc/ssl',
      'usr/lib/libSSL.so',
      'usr/lib/libssl.so.3',
      'usr/lib/x/ssl',
      'usr/libssl',
    ]);
    expect(await found('.')).toEqual(['a.b', 'etc/ssl/cert.pem', 'usr/lib/libSSL.so', 'usr/lib/libssl.so.3']);
  });

  it('takes globs on names, and on paths when there is a slash', async () => {
    expect(await found('*.so')).toEqual(['usr/lib/libSSL.so']);
    expect(await found('lib?sl*')).toEqual(['usr/lib/libSSL.so', 'usr/lib/libssl.so.3', 'usr/libssl']);
    expect(await found('usr/*/lib*')).toEqual(['usr/lib/libSSL.so', 'usr/lib/libssl.so.3']);
    expect(await found('usr/**/*ssl')).toEqual(['usr/lib/x/ssl', 'usr/libssl']);
    expect(await found('**/[x-z]/*')).toEqual(['usr/lib/x/ssl']);
    expect(await found('[[]*')).toEqual(['etc/[odd]']);
  });

  it('takes what is no glob as a piece of the path when there is a slash', async () => {
    expect(await found('/ETC/ssl')).toEqual(['etc/ssl', 'etc/ssl/cert.pem']);
    expect(await found('[odd')).toEqual(['etc/[odd]']);
  });

  it('stays below the folder it is told to', async () => {
    expect(await found('ssl', 'usr/lib')).toEqual(['usr/lib/libSSL.so', 'usr/lib/libssl.so.3', 'usr/lib/x/ssl']);
    expect(await found('lib', 'usr')).toEqual(['usr/lib', 'usr/lib/libSSL.so', 'usr/lib/libssl.so.3', 'usr/libssl']);
  });
});

describe('a glob', () => {
  /** The same by a regular expression, which is safe for patterns this short. */
  const toRegExp = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      'su',
    );

  it('matches what its regular expression matches', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '😀'), minLength: 1, maxLength: 6 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, name, (pattern, name) => {
        expect(createGlob(pattern).matches(name)).toBe(toRegExp(pattern).test(name));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['**', 'x/y', true],
    ['a/**', 'a', true],
    ['**/b', 'a/bb', false],
    ['*', '', true],
    ['?', '\udcff', true],
  ])('%s and %s: %s', (pattern, text, isMatch) => {
    const glob = createGlob(pattern.includes('/') || !pattern.includes('**') ? pattern : `/${pattern}`);
    expect(glob.matches(text)).toBe(isMatch);
  });

  it('with many stars and a name that almost fits comes to an end', () => {
    expect(createGlob(`${'*a'.repeat(100)}b`).matches('a'.repeat(20_000))).toBe(false);
    expect(createGlob(`${'**/a/'.repeat(100)}b`).matches('a/'.repeat(5000))).toBe(false);
  });
});

describe('largest', () => {
  it('lists files by size, each content once, links and folders not', async () => {
    const files = await filesOf([
      file('a', 5),
      file('b', 50),
      dir('d'),
      file('d/c', 500),
      hardlink('e', 'b'),
      symlink('l', 'b'),
    ]);
    const { rows, totalCount } = await files.largest({ view: MERGED, under: '', window: { offset: 0, limit: 2 } });
    expect(rows.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['d/c', 500],
      ['b', 50],
    ]);
    expect(totalCount).toBe(3);
    const below = await files.largest({ view: MERGED, under: 'd', window: WHOLE });
    expect(below.rows.map(({ path }) => path)).toEqual(['d/c']);
  });
});

describe('treemap', () => {
  const files = () =>
    filesOf([
      ...Array.from({ length: 3000 }, (_, index) => file(`many/f${index}`, index)),
      ...Array.from({ length: 40 }, (_, index) => file(`deep/${'x/'.repeat(index)}f`, 1000)),
      file('big', 9_000_000),
      file('empty', 0),
    ]);

  it.each([10, 50, 1000, 5000])(
    'has at most %i nodes, and every folder is the sum of what is shown in it',
    async (maxNodes) => {
      const nodes = await (await files()).treemap({ view: MERGED, path: '', maxNodes });
      expect(nodes.length).toBeLessThanOrEqual(maxNodes);
      const sums = new Map<number, number>();
      for (const { parent, sizeBytes } of nodes)
        if (parent !== undefined) sums.set(parent, (sums.get(parent) ?? 0) + sizeBytes);
      expect([...sums].filter(([at, sum]) => nodes[at]!.sizeBytes !== sum)).toEqual([]);
      expect(nodes[0]).toMatchObject({
        path: '',
        kind: 'directory',
        sizeBytes: 9_000_000 + 40_000 + (2999 * 3000) / 2,
      });
    },
  );

  it('shows the largest by themselves', async () => {
    const nodes = await (await files()).treemap({ view: MERGED, path: '', maxNodes: 20 });
    expect(nodes.find(({ path }) => path === 'big')).toMatchObject({ kind: 'file', parent: 0, layer: 0 });
    expect(nodes.filter(({ kind }) => kind === 'rest').length).toBeGreaterThan(0);
  });
});

describe('stat', () => {
  it('tells the versions of a path over the layers, and what hid each', async () => {
    const files = await filesOf([file('a', 1)], [file('a', 2)], [file('.wh.a')], [file('a', 4)]);
    const { versions } = await files.stat({ view: MERGED, path: 'a' });
    expect(versions.map(({ layer, type, state, hiddenBy }) => [layer, type, state, hiddenBy?.layer])).toEqual([
      [3, 'file', 'present', undefined],
      [2, 'whiteout', 'present', undefined],
      [1, 'file', 'hidden', 2],
      [0, 'file', 'hidden', 1],
    ]);
  });
});

describe('sortInSlices', () => {
  it('sorts as Array.sort does, equal ones in their order', async () => {
    const numbers = fc.array(fc.nat({ max: 50 }), { maxLength: 6000, size: 'max' });
    await fc.assert(
      fc.asyncProperty(numbers, async (keys) => {
        const items = Int32Array.from(keys.keys());
        const compare = (a: number, b: number) => keys[a]! - keys[b]!;
        const expected = [...items].sort(compare);
        await sortInSlices(items, compare, createSlices());
        expect([...items]).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});
