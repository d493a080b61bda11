import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompareProgress, compareTrees } from '#main/core/layers/compare/compare-trees.ts';
import { createComparedFiles } from '#main/core/layers/compare/compared-files.ts';
import type { Files } from '#main/core/layers/browse/create-files.ts';
import { allRows, dir, file, filesOf, hardlink, MERGED, symlink } from '#test/support/layer-files.ts';
import type { MemoryEntry } from '#test/support/memory-layer.ts';

const WINDOW = { offset: 0, limit: 1000 };
const ALL = ['added', 'removed', 'changed', 'metadata', 'unknown', 'same-size-and-time', 'same'] as const;
const ORDER = { by: 'name', descending: false, foldersFirst: true } as const;

async function compare(left: Files, right: Files, modifiedTimes = false) {
  const views = { left: await left.viewOf(MERGED), right: await right.viewOf(MERGED) };
  const comparison = await compareTrees(views.left, views.right, { modifiedTimes });
  return createComparedFiles(comparison, { left: views.left.sizeBelow(0), right: views.right.sizeBelow(0) });
}

/** Each path with how it differs. */
async function differences(left: readonly MemoryEntry[][], right: readonly MemoryEntry[][], modifiedTimes = false) {
  const compared = await compare(await filesOf(...left), await filesOf(...right), modifiedTimes);
  const { rows } = await compared.files({ differences: ALL, query: '', by: 'path', window: WINDOW });
  return rows.map(({ path, difference }) => `${path} ${difference}`);
}

describe('a comparison of file systems', () => {
  it('tells how far it is, never back and never past the whole', async () => {
    const many = (name: string) => Array.from({ length: 3000 }, (_none, index) => file(`${name}-${index}`, 1));
    const [left, right] = [await filesOf(many('a')), await filesOf(many('b'))];
    const told: CompareProgress[] = [];
    const onProgress = (progress: CompareProgress) => void told.push(progress);
    await compareTrees(await left.viewOf(MERGED), await right.viewOf(MERGED), { modifiedTimes: false, onProgress });
    const done = told.map(({ doneCount }) => doneCount);
    expect(done.length).toBeGreaterThan(8);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    for (const { doneCount, totalCount } of told) expect(doneCount).toBeLessThan(totalCount);
    expect(done.at(-1)! / told[0]!.totalCount).toBeGreaterThan(0.9);
  });

  it('tells added, removed and changed files, and links', async () => {
    const found = await differences(
      [[file('gone', 3), file('grown', 3), symlink('l', 'a'), file('t', 1), dir('d'), file('d/x', 1)]],
      [[file('new', 3), file('grown', 4), symlink('l', 'b'), dir('t'), file('d', 1)]],
    );
    expect(found).toEqual([
      'd changed',
      'd/x removed',
      'gone removed',
      'grown changed',
      'l changed',
      'new added',
      't changed',
    ]);
  });

  it('knows the bytes to be the same where both come from the same place of the same layer', async () => {
    const base = [file('a', 3), file('b', 5), hardlink('c', 'b')];
    expect(await differences([base], [base, [file('z', 1)]])).toEqual(['a same', 'b same', 'c same', 'z added']);
  });

  it('knows it of a layer that is compressed differently by the digest of its tar', async () => {
    const left = await filesOf([file('a', 3)]);
    const right = await filesOf([file('a', 3)], [file('b', 1)]);
    const other = {
      ...right.stack,
      layers: right.stack.layers.map((index) => index && { ...index, digest: 'sha256:other' }),
    };
    const view = await right.viewOf(MERGED);
    const comparison = await compareTrees(
      await left.viewOf(MERGED),
      { ...view, stack: other },
      { modifiedTimes: false },
    );
    const { rows } = await createComparedFiles(comparison, { left: 0, right: 0 }).files({
      differences: ALL,
      query: '',
      by: 'path',
      window: WINDOW,
    });
    expect(rows.map(({ path, content }) => [path, content])).toEqual([
      ['a', 'same'],
      ['b', undefined],
    ]);
  });

  it('says of files of equal size from other layers that their bytes are not known', async () => {
    const found = await differences(
      [[file('touched', 3, { modified: 1 }), file('timed', 3), file('empty', 0, { modified: 1 })]],
      [[file('touched', 3, { modified: 2 }), file('timed', 3), file('empty', 0), file('more', 1)]],
    );
    expect(found).toEqual(['empty same', 'more added', 'timed same-size-and-time', 'touched unknown']);
  });

  it('calls mode and owner metadata, and times only when asked to', async () => {
    const left = [
      [file('m', 0), file('o', 0), file('t', 0, { modified: 1 }), dir('d', { modified: 1 }), file('d/x', 0)],
    ];
    const right = [
      [file('m', 0, { mode: 0o600 }), file('o', 0, { uid: 5 }), file('t', 0), dir('d'), file('d/x', 0), file('y')],
    ];
    expect(await differences(left, right)).toEqual(['d/x same', 'm metadata', 'o metadata', 't same', 'y added']);
    expect(await differences(left, right, true)).toContain('t metadata');
  });

  it('takes a folder without an entry for one with any', async () => {
    const compared = await compare(
      await filesOf([file('d/x', 0)]),
      await filesOf([dir('d', { mode: 0o700 }), file('d/x', 0)]),
    );
    const { rows } = await compared.list({ path: '', differences: ALL, order: ORDER, window: WINDOW });
    expect(rows).toMatchObject([{ path: 'd', difference: 'same' }]);
  });

  it('lists a folder when something in it differs so, with what there is below', async () => {
    const compared = await compare(
      await filesOf([dir('d'), dir('d/e'), file('d/e/gone', 7), dir('k'), file('k/same', 0)]),
      await filesOf([dir('d'), dir('d/e'), file('d/e/new', 9), dir('k'), file('k/same', 0)]),
    );
    const list = (differences: readonly (typeof ALL)[number][]) =>
      compared.list({ path: '', differences, order: ORDER, window: WINDOW });
    expect((await list(['added', 'removed'])).rows).toMatchObject([
      { path: 'd', difference: 'same', below: { addedCount: 1, removedCount: 1, sameCount: 0, sizeDelta: 2 } },
    ]);
    expect((await list(['changed'])).rows).toEqual([]);
    expect((await list(ALL)).totalCount).toBe(2);
    const inner = compared.list({ path: 'd/e/', differences: ['added'], order: ORDER, window: WINDOW });
    expect((await inner).rows.map(({ path }) => path)).toEqual(['d/e/new']);
    await expect(compared.list({ path: 'x', differences: ALL, order: ORDER, window: WINDOW })).rejects.toMatchObject({
      reason: 'no-such-path',
    });
  });

  it('finds files by a piece of their path, and puts those that differ most first', async () => {
    const compared = await compare(
      await filesOf([file('a/big', 100), file('a/b', 1)]),
      await filesOf([file('a/b', 3), file('c', 50)]),
    );
    const files = (query: string, by: 'path' | 'size') =>
      compared.files({ differences: ALL, query, by, window: WINDOW });
    expect((await files('', 'size')).rows.map(({ path }) => path)).toEqual(['a/big', 'c', 'a/b']);
    expect((await files('A/B', 'path')).rows.map(({ path }) => path)).toEqual(['a/b', 'a/big']);
    expect(compared.summary()).toMatchObject({
      addedCount: 1,
      removedCount: 1,
      changedCount: 1,
      leftBytes: 101,
      rightBytes: 53,
    });
  });

  it('with itself finds nothing, and the other way round finds the opposite', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const entry = fc.oneof(
      fc.tuple(path, fc.nat({ max: 3 })).map(([path, size]) => file(path, size)),
      fc.tuple(path, path).map(([path, target]) => symlink(path, `/${target}`)),
      path.map((path) => dir(path)),
    );
    const layers = fc.array(fc.array(entry, { maxLength: 6 }), { minLength: 1, maxLength: 3 });
    const opposite: Readonly<Record<string, string>> = { added: 'removed', removed: 'added' };
    await fc.assert(
      fc.asyncProperty(layers, layers, async (one, two) => {
        expect((await differences(one, one)).filter((line) => !line.endsWith(' same'))).toEqual([]);
        const there = await differences(one, two);
        const back = (await differences(two, one)).map((line) => {
          const [path, difference] = line.split(' ');
          return `${path} ${opposite[difference!] ?? difference}`;
        });
        expect(back).toEqual(there);
        const ours = (await allRows(await filesOf(...one))).filter(({ type }) => type !== 'directory').length;
        expect(there.filter((line) => !line.endsWith(' added')).length).toBeGreaterThanOrEqual(ours);
      }),
      { numRuns: 100 },
    );
  });
});
