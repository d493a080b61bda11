import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stackLayers } from '#main/core/layers/overlay/stack-layers.ts';
import { allRows, dir, file, filesOf, hardlink, MERGED, pathsOf, rowAt, symlink } from '#test/support/layer-files.ts';
import { memoryLayer, type MemoryEntry } from '#test/support/memory-layer.ts';

const DELETED = { kind: 'merged', deleted: true } as const;

describe('a whiteout', () => {
  it('deletes what lower layers have, wherever in its layer it stands', async () => {
    const base = [dir('d'), file('d/old', 'old'), file('d/kept', 'kept')];
    for (const layer of [
      [file('d/.wh.old'), file('d/new', 'new')],
      [file('d/new', 'new'), file('d/.wh.old')],
    ]) {
      expect(await pathsOf(await filesOf(base, layer))).toEqual(['d', 'd/kept', 'd/new']);
    }
  });

  it('leaves alone what its own layer has at the same path', async () => {
    for (const layer of [
      [file('.wh.a'), file('a', 'mine')],
      [file('a', 'mine'), file('.wh.a')],
    ]) {
      const files = await filesOf([file('a', 'lower')], layer);
      expect(await rowAt(files, 'a')).toMatchObject({ layer: 1, sizeBytes: 4, state: 'present' });
    }
  });

  it('deletes a directory with all that is in it', async () => {
    const files = await filesOf([dir('d'), file('d/a'), dir('d/e'), file('d/e/b')], [file('.wh.d')]);
    expect(await pathsOf(files)).toEqual([]);
    const rows = await allRows(files, DELETED);
    expect(rows.map(({ path, state, hiddenBy }) => [path, state, hiddenBy])).toEqual(
      ['d', 'd/a', 'd/e', 'd/e/b'].map((path) => [path, 'hidden', { layer: 1, how: 'whiteout', path: 'd' }]),
    );
  });

  it('of a directory lets a later layer make it anew, empty', async () => {
    const files = await filesOf([dir('d'), file('d/a')], [file('.wh.d')], [dir('d'), file('d/b')]);
    expect(await pathsOf(files)).toEqual(['d', 'd/b']);
  });

  it('of nothing does nothing', async () => {
    expect(await pathsOf(await filesOf([file('a')], [file('.wh.b'), file('x/y/.wh.z')]))).toEqual(['a']);
  });

  it('is shown in the listing of its own layer alone', async () => {
    const files = await filesOf([file('d/a')], [file('d/.wh.a')]);
    const rows = await allRows(files, { kind: 'layer', layer: 1 });
    expect(rows.map(({ path, type }) => [path, type])).toEqual([
      ['d', 'directory'],
      ['d/a', 'whiteout'],
    ]);
  });

  it('reaches through a symbolic link of a lower layer', async () => {
    const files = await filesOf([dir('usr/lib'), file('usr/lib/a'), symlink('lib', 'usr/lib')], [file('lib/.wh.a')]);
    expect(await pathsOf(files)).toEqual(['lib', 'usr', 'usr/lib']);
  });

  it('does not reach through a link that its own layer replaces by a directory', async () => {
    const base = [dir('usr/lib'), file('usr/lib/a'), symlink('lib', 'usr/lib')];
    for (const layer of [
      [dir('lib'), file('lib/.wh.a')],
      [file('lib/.wh.a'), dir('lib')],
    ]) {
      expect(await pathsOf(await filesOf(base, layer))).toEqual(['lib', 'usr', 'usr/lib', 'usr/lib/a']);
    }
  });
});

describe('an opaque marker', () => {
  it('hides what lower layers have in the directory, and nothing of its own layer', async () => {
    const base = [dir('d'), file('d/a'), dir('d/e'), file('d/e/b')];
    for (const layer of [
      [dir('d'), file('d/.wh..wh..opq'), file('d/c')],
      [dir('d'), file('d/c'), file('d/.wh..wh..opq')],
      [file('d/c'), file('d/.wh..wh..opq')],
    ]) {
      const files = await filesOf(base, layer);
      expect(await pathsOf(files)).toEqual(['d', 'd/c']);
      expect((await files.stat({ view: DELETED, path: 'd/e/b' })).row.hiddenBy).toEqual({
        layer: 1,
        how: 'opaque',
        path: 'd',
      });
    }
  });

  it('is noted at its directory', async () => {
    const files = await filesOf([dir('d'), file('d/a')], [dir('d'), file('d/.wh..wh..opq')]);
    expect((await rowAt(files, 'd', { kind: 'layer', layer: 1 })).notes).toEqual(['opaque']);
    expect((await rowAt(files, 'd', { kind: 'layer', layer: 0 })).notes).toEqual([]);
  });

  it('at the root hides everything below', async () => {
    expect(await pathsOf(await filesOf([dir('d'), file('d/a')], [file('.wh..wh..opq'), file('b')]))).toEqual(['b']);
  });
});

describe('an entry', () => {
  it('replaces a directory and all in it, when it is none itself', async () => {
    const files = await filesOf([dir('d'), file('d/a')], [file('d', 'now a file')]);
    expect(await pathsOf(files)).toEqual(['d']);
    expect((await files.stat({ view: DELETED, path: 'd/a' })).row.hiddenBy).toEqual({
      layer: 1,
      how: 'parent-replaced',
      path: 'd',
    });
  });

  it('that is a directory over a directory changes its metadata and keeps what is in it', async () => {
    const files = await filesOf([dir('d'), file('d/a')], [dir('d', { mode: 0o700 })]);
    expect(await pathsOf(files)).toEqual(['d', 'd/a']);
    expect(await rowAt(files, 'd')).toMatchObject({ layer: 1, mode: 0o700 });
    expect(await rowAt(files, 'd/a')).toMatchObject({ layer: 0 });
  });

  it('that is a directory over a file or a link replaces it', async () => {
    const files = await filesOf([file('a'), symlink('b', 'a')], [dir('a'), dir('b'), file('b/c')]);
    expect((await allRows(files)).map(({ path, type }) => [path, type])).toEqual([
      ['a', 'directory'],
      ['b', 'directory'],
      ['b/c', 'file'],
    ]);
  });

  it('wins over an earlier one of its own layer', async () => {
    const files = await filesOf([file('a', 'one'), file('a', 'second')]);
    expect(await rowAt(files, 'a')).toMatchObject({ sizeBytes: 6, versionCount: 2 });
    const { versions } = await files.stat({ view: MERGED, path: 'a' });
    expect(versions.map(({ state, hiddenBy }) => [state, hiddenBy?.how])).toEqual([
      ['present', undefined],
      ['hidden', 'same-layer'],
    ]);
  });

  it('lands where a symbolic link of a lower layer leads, as in every engine', async () => {
    const files = await filesOf(
      [dir('usr/lib'), symlink('lib', 'usr/lib'), symlink('lib64', '/lib')],
      [file('lib64/a', 'x')],
    );
    expect(await pathsOf(files)).toEqual(['lib', 'lib64', 'usr', 'usr/lib', 'usr/lib/a']);
  });

  it('below a link that leads out of the root stays inside (T06)', async () => {
    const files = await filesOf([symlink('out', '../../../tmp')], [file('out/a')]);
    expect(await pathsOf(files)).toEqual(['out', 'tmp', 'tmp/a']);
  });

  it('below a circle of links has no place, and is counted (T06)', async () => {
    const files = await filesOf([symlink('a', 'b'), symlink('b', 'a')], [file('a/x'), file('c')]);
    expect(await pathsOf(files)).toEqual(['a', 'b', 'c']);
    expect(files.stack.unplaced).toEqual([{ layer: 1, path: 'a/x', reason: 'link-loop' }]);
    expect(files.stack.unplacedCountOf(1)).toBe(1);
  });

  it('makes the directories on its way, and a file in the way go', async () => {
    const files = await filesOf([file('a', 'file')], [file('a/b/c')]);
    expect(await pathsOf(files)).toEqual(['a', 'a/b', 'a/b/c']);
    expect(await rowAt(files, 'a')).not.toHaveProperty('layer');
  });

  it.each(['../x', 'a/../../x', 'a/../b', '..'])('whose path is %s is in no tree (T05)', async (path) => {
    const files = await filesOf([file('ok'), file(path)]);
    expect(await pathsOf(files)).toEqual(['ok']);
    expect(files.stack.unplaced).toMatchObject([{ layer: 0, reason: 'escaping' }]);
  });

  it.each(['C:\\x', '\\x', 'a\\..\\..\\b', 'c:x', 'nul\u0000byte'])(
    'called %s is shown under that name, and said to be unsafe (T05)',
    async (path) => {
      const [row] = await allRows(await filesOf([file(path)]));
      expect(row).toMatchObject({ path, notes: ['unsafe-name'] });
    },
  );

  it.each(['.wh.', '.wh..', '.wh...'])('called %s, a marker that names nothing, hides nothing (T12)', async (name) => {
    const index = memoryLayer([file('x')]);
    const entry = index.find('x');
    // So the reader has them: as files that may never be saved.
    const hostile = {
      ...index,
      entries: async function* () {
        yield { ...entry!, path: `d/${name}`, isEscaping: true as const };
      },
    };
    const stack = await stackLayers([memoryLayer([dir('d'), file('d/a')]), hostile]);
    expect(stack.unplaced).toEqual([{ layer: 1, path: `d/${name}`, reason: 'bad-marker' }]);
  });

  it('of a layer that could not be read is missing, and the others stand', async () => {
    const stack = await stackLayers([memoryLayer([file('a')]), undefined, memoryLayer([file('b')])]);
    expect(stack.entries.size).toBe(2);
    expect(stack.entries.layerOf(1)).toBe(2);
  });
});

describe('a hard link', () => {
  it('has the size and metadata of what it names', async () => {
    const files = await filesOf([file('a', 'content', { mode: 0o755 }), hardlink('b', 'a'), hardlink('c', './b')]);
    for (const path of ['b', 'c']) {
      expect(await rowAt(files, path)).toMatchObject({
        type: 'hardlink',
        sizeBytes: 7,
        mode: 0o755,
        linkTarget: expect.any(String),
      });
    }
    expect((await files.stat({ view: MERGED, path: 'a' })).hardLinks).toEqual(['b', 'c']);
  });

  it('may come before what it names', async () => {
    const files = await filesOf([hardlink('b', 'a'), file('a', 'content')]);
    expect(await rowAt(files, 'b')).toMatchObject({ sizeBytes: 7, notes: [] });
  });

  it('to a file of a lower layer keeps its content when the file goes', async () => {
    const files = await filesOf([file('a', 'content')], [hardlink('b', 'a')], [file('.wh.a')]);
    expect(await pathsOf(files)).toEqual(['b']);
    expect(await rowAt(files, 'b')).toMatchObject({ sizeBytes: 7 });
    expect((await files.viewOf(MERGED)).sizeBelow(0)).toBe(7);
  });

  it('keeps what it named when another file takes that name', async () => {
    const files = await filesOf([file('a', 'old'), hardlink('b', 'a')], [file('a', 'longer')]);
    expect(await rowAt(files, 'b')).toMatchObject({ sizeBytes: 3 });
    expect((await files.viewOf(MERGED)).sizeBelow(0)).toBe(9);
  });

  it('to nothing, to a directory or out of the root is said to be broken', async () => {
    const files = await filesOf([dir('d'), hardlink('a', 'none'), hardlink('b', 'd'), hardlink('c', '../x')]);
    for (const path of ['a', 'b', 'c']) expect((await rowAt(files, path)).notes).toEqual(['broken-hard-link']);
  });

  it('to itself keeps what was there', async () => {
    const files = await filesOf([file('a', 'content')], [hardlink('a', 'a')]);
    expect(await rowAt(files, 'a')).toMatchObject({ type: 'hardlink', sizeBytes: 7 });
  });
});

describe('a symbolic link', () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, index) => symlink(`l${index}`, index === 0 ? 'end' : `l${index - 1}`));

  it('is followed across layers, 64 of them and no more', async () => {
    const files = await filesOf(chain(65), [file('end', 'x')]);
    const stat = (path: string) => files.stat({ view: MERGED, path });
    expect(await stat('l63')).toMatchObject({ resolvedPath: 'end' });
    expect(await stat('l64')).toMatchObject({ linkProblem: 'too-many-links' });
  });

  it('with an absolute target or too many dots stays inside the root (T06)', async () => {
    const files = await filesOf([dir('etc'), file('etc/x'), symlink('a/b', '/etc'), symlink('c', '../../../etc/x')]);
    expect(await files.stat({ view: MERGED, path: 'a/b' })).toMatchObject({ resolvedPath: 'etc' });
    expect(await files.stat({ view: MERGED, path: 'c' })).toMatchObject({
      resolvedPath: 'etc/x',
      row: { notes: ['escaping-link'] },
    });
    const order = { by: 'name', descending: false, foldersFirst: true } as const;
    const { rows } = await files.list({ view: MERGED, path: 'a/b', order, window: { offset: 0, limit: 10 } });
    expect(rows.map(({ path }) => path)).toEqual(['etc/x']);
  });

  it('to nothing is broken, and a path through it too', async () => {
    const files = await filesOf([symlink('a', 'gone')]);
    expect(await files.stat({ view: MERGED, path: 'a' })).toMatchObject({ linkProblem: 'broken' });
    await expect(files.stat({ view: MERGED, path: 'a/x' })).rejects.toMatchObject({ reason: 'broken-link' });
    await expect(files.stat({ view: MERGED, path: 'b' })).rejects.toMatchObject({ reason: 'no-such-path' });
  });
});

/** The rules again, as short as they can be said: a map from path to layer, one layer after another. */
function naiveMerge(layers: ReadonlyArray<readonly MemoryEntry[]>): readonly string[] {
  let seen = new Map<string, { readonly isDirectory: boolean }>();
  const isBelow = (path: string, above: string) => above === '' || path.startsWith(`${above}/`);
  for (const layer of layers) {
    const next = new Map(seen);
    const without = (accepts: (path: string) => boolean) => {
      for (const path of seen.keys()) if (accepts(path)) next.delete(path);
    };
    for (const { path } of layer) {
      const cut = path.lastIndexOf('/');
      const folder = path.slice(0, Math.max(cut, 0));
      const name = path.slice(cut + 1);
      const hidden = [folder, name.slice(4)].filter(Boolean).join('/');
      if (name === '.wh..wh..opq') without((other) => isBelow(other, folder));
      else if (name.startsWith('.wh.')) without((other) => other === hidden || isBelow(other, hidden));
    }
    for (const { path, type } of layer) {
      if (path.includes('.wh.')) continue;
      const parts = path.split('/');
      for (let length = 1; length < parts.length; length += 1) {
        next.set(parts.slice(0, length).join('/'), { isDirectory: true });
      }
      if (type !== 'directory') for (const other of next.keys()) if (isBelow(other, path)) next.delete(other);
      next.set(path, { isDirectory: type === 'directory' });
    }
    // A directory that had no entry and has nothing in it any more is gone; the tests give every one an entry.
    seen = next;
  }
  return [...seen.keys()].toSorted((a, b) => (a.split('/').join('\u0000') < b.split('/').join('\u0000') ? -1 : 1));
}

const nameOf = fc.constantFrom('a', 'b', 'c');
const pathOf = fc.array(nameOf, { minLength: 1, maxLength: 3 });
const withParents = (parts: readonly string[]): MemoryEntry[] =>
  parts.slice(0, -1).map((_, index) => dir(parts.slice(0, index + 1).join('/')));
const entriesOf = fc.oneof(
  pathOf.map((parts) => [...withParents(parts), file(parts.join('/'))]),
  pathOf.map((parts) => [...withParents(parts), dir(parts.join('/'))]),
  pathOf.map((parts) => [file([...parts.slice(0, -1), `.wh.${parts.at(-1)}`].join('/'))]),
  pathOf.map((parts) => [file([...parts, '.wh..wh..opq'].join('/'))]),
);
const layerOf = fc.array(entriesOf, { maxLength: 6 }).map((lists) => lists.flat());

describe('stacking', () => {
  it('gives what the rules give, for any layers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layerOf, { minLength: 1, maxLength: 4 }), async (layers) => {
        expect(await pathsOf(await filesOf(...layers))).toEqual(naiveMerge(layers));
      }),
      { numRuns: 300 },
    );
  });

  it('up to a layer gives what the lower layers alone give', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layerOf, { minLength: 2, maxLength: 4 }), async (layers) => {
        const files = await filesOf(...layers);
        for (const [layer] of layers.entries()) {
          const lower = await filesOf(...layers.slice(0, layer + 1));
          const upTo = await allRows(files, { kind: 'merged', upToLayer: layer, deleted: false });
          const same = ({ path, layer, sizeBytes }: (typeof upTo)[number]) => ({ path, layer, sizeBytes });
          expect(upTo.map(same)).toEqual((await allRows(lower)).map(same));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('lets other work go on, and stops when it is told to', async () => {
    const entries = Array.from({ length: 60_000 }, (_, index) => file(`d${index % 100}/f${index}`, 1));
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await stackLayers([memoryLayer(entries)]);
    isDone = true;
    expect(turns).toBeGreaterThan(0);
    const controller = new AbortController();
    const stacking = stackLayers([memoryLayer(entries)], {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stacking).rejects.toThrow(/abort/i);
  });
});
