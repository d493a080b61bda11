import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countChanges } from '#main/core/layers/compare/count-changes.ts';
import { allRows, dir, file, filesOf, hardlink, rowAt, symlink } from '#test/support/layer-files.ts';
import type { MemoryEntry } from '#test/support/memory-layer.ts';

const changes = (layer: number) => ({ kind: 'changes', layer }) as const;

async function changesOf(below: readonly MemoryEntry[], layer: readonly MemoryEntry[]) {
  const rows = await allRows(await filesOf(below, layer), changes(1));
  return Object.fromEntries(rows.map(({ path, change }) => [path, change!]));
}

describe('the changes of a layer', () => {
  it('of the lowest are all added', async () => {
    const files = await filesOf([dir('d'), file('d/a', 3), symlink('l', 'd')]);
    const rows = await allRows(files, changes(0));
    expect(rows.map(({ path, change }) => [path, change?.status])).toEqual([
      ['d', 'added'],
      ['d/a', 'added'],
      ['l', 'added'],
    ]);
  });

  it('leave out what it does not touch, and show the way to what it does', async () => {
    const found = await changesOf([dir('d'), file('d/a'), dir('e'), file('e/x')], [file('d/b')]);
    expect(found).toEqual({
      d: { status: 'unchanged', metadata: [] },
      'd/b': { status: 'added', metadata: [] },
    });
  });

  it('tell other content from other metadata, and say when only sizes are known', async () => {
    const below = [
      file('grown', 5),
      file('chmod', 5),
      file('touched', 5),
      file('empty', 0, { mode: 0o600 }),
      file('linked', 5),
    ];
    const layer = [
      file('grown', 6),
      file('chmod', 5, { mode: 0o755 }),
      file('touched', 5, { modified: 9 }),
      file('empty', 0),
      hardlink('linked', 'linked'),
    ];
    const found = await changesOf(below, layer);
    expect(found['grown']).toEqual({
      status: 'changed',
      content: 'different',
      metadata: [],
      previousSizeBytes: 5,
      previousType: 'file',
    });
    expect(found['chmod']).toMatchObject({ status: 'changed', content: 'unknown', metadata: ['mode'] });
    expect(found['touched']).toMatchObject({ status: 'changed', content: 'unknown', metadata: ['modified'] });
    expect(found['empty']).toMatchObject({ status: 'changed', content: 'same', metadata: ['mode'] });
    expect(found).not.toHaveProperty('linked');
  });

  it('do not call a folder changed for its time alone', async () => {
    const found = await changesOf(
      [dir('d'), dir('e'), file('d/a')],
      [dir('d', { modified: 5 }), dir('e', { modified: 5, mode: 0o700 }), file('d/b')],
    );
    expect(found['d']?.status).toBe('unchanged');
    expect(found['e']).toMatchObject({ status: 'changed', metadata: ['mode', 'modified'] });
  });

  it('list everything below a folder that was deleted', async () => {
    const files = await filesOf([dir('d'), file('d/a', 3), dir('d/e'), file('d/e/b', 4), file('k')], [file('.wh.d')]);
    const rows = await allRows(files, changes(1));
    expect(rows.map(({ path, change, hiddenBy }) => [path, change?.status, hiddenBy?.path])).toEqual(
      ['d', 'd/a', 'd/e', 'd/e/b'].map((path) => [path, 'removed', 'd']),
    );
    expect((await rowAt(files, 'd', changes(1))).changesBelow).toEqual({
      addedCount: 0,
      removedCount: 4,
      changedCount: 0,
      sizeDelta: -7,
    });
  });

  it('tell of another type, another link and an owner', async () => {
    const found = await changesOf(
      [file('t', 4), symlink('l', 'x'), file('o', 0)],
      [dir('t'), symlink('l', 'y'), file('o', 0, { uid: 7 })],
    );
    expect(found['t']).toMatchObject({
      status: 'changed',
      metadata: expect.arrayContaining(['type']),
      previousType: 'file',
    });
    expect(found['l']).toMatchObject({ status: 'changed', metadata: ['link'] });
    expect(found['o']).toMatchObject({ status: 'changed', content: 'same', metadata: ['owner'] });
  });

  it('of a file that is deleted and made anew are a change', async () => {
    expect((await changesOf([file('a', 1)], [file('.wh.a'), file('a', 2)]))['a']?.status).toBe('changed');
  });
});

describe('countChanges', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('/'));
  const entry = fc.oneof(
    fc.tuple(path, fc.nat({ max: 9 })).map(([path, size]) => file(path, size)),
    fc.tuple(path, path).map(([path, target]) => hardlink(path, target)),
    fc.tuple(path, fc.constantFrom(0o755, 0o700)).map(([path, mode]) => dir(path, { mode })),
    path.map((path) => file(path.replace(/([^/]+)$/, '.wh.$1'))),
    path.map((path) => file(`${path}/.wh..wh..opq`)),
  );
  const layers = fc.array(fc.array(entry, { maxLength: 6 }), { minLength: 1, maxLength: 5 });

  it('counts for each layer what its view of changes lists, and the bytes that views of the whole differ by', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (layers) => {
        const files = await filesOf(...layers);
        const counts = await countChanges(files.stack);
        let before = 0;
        for (const [layer, count] of counts.entries()) {
          const rows = await allRows(files, changes(layer));
          const root = (await files.stat({ view: changes(layer), path: '' })).row.change;
          const having = (status: string) =>
            rows.filter(({ change }) => change?.status === status).length + Number(root?.status === status);
          const after = (await files.viewOf({ kind: 'merged', upToLayer: layer, deleted: false })).sizeBelow(0);
          expect(count).toEqual({
            addedCount: having('added'),
            changedCount: having('changed'),
            removedCount: having('removed'),
            sizeDelta: after - before,
          });
          before = after;
        }
      }),
      { numRuns: 200 },
    );
  });
});
