import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findWaste } from '#main/core/layers/compare/waste.ts';
import { dir, file, filesOf, hardlink, MERGED } from '#test/support/layer-files.ts';
import type { MemoryEntry } from '#test/support/memory-layer.ts';

async function wasteOf(...layers: ReadonlyArray<readonly MemoryEntry[]>) {
  const { stack } = await filesOf(...layers);
  const waste = await findWaste(
    stack,
    layers.map(() => 0),
  );
  return { ...waste, rows: Array.from(waste.entries, waste.toRow) };
}

describe('waste', () => {
  it('is nothing for one layer, and for none', async () => {
    expect(await wasteOf([file('a', 100), hardlink('b', 'a')])).toMatchObject({
      total: { shippedBytes: 100, survivingBytes: 100, wastedBytes: 0 },
      efficiency: 1,
      rows: [],
    });
    expect(await wasteOf()).toMatchObject({ total: { shippedBytes: 0 }, efficiency: 1 });
  });

  it('of a file that is written, overwritten and deleted with its folder is all but what survives', async () => {
    // 2,000 are overwritten by 5,000, those and 3,000 more deleted with their folder; 10,000 stay.
    const { total, efficiency, rows, layers } = await wasteOf(
      [dir('d'), file('d/a', 2000)],
      [file('d/a', 5000)],
      [file('d/b', 3000), file('keep', 10_000)],
      [file('.wh.d')],
    );
    expect(total).toMatchObject({ shippedBytes: 20_000, survivingBytes: 10_000, wastedBytes: 10_000 });
    expect(efficiency).toBe(0.5);
    expect(layers.map(({ wastedBytes }) => wastedBytes)).toEqual([2000, 5000, 3000, 0]);
    expect(rows.map(({ path, wastedBytes, shippedBy, hiddenBy }) => [path, wastedBytes, shippedBy, hiddenBy])).toEqual([
      ['d/a', 5000, 1, { layer: 3, how: 'whiteout', path: 'd' }],
      ['d/b', 3000, 2, { layer: 3, how: 'whiteout', path: 'd' }],
      ['d/a', 2000, 0, { layer: 1, how: 'replaced', path: 'd/a' }],
    ]);
  });

  it('does not count the copy that is kept: a file that grew wastes its older and smaller self', async () => {
    const { total, rows } = await wasteOf([file('log', 1000)], [file('log', 1_000_000)]);
    expect(total).toMatchObject({ survivingBytes: 1_000_000, wastedBytes: 1000 });
    expect(rows[0]?.survivor).toEqual({ layer: 1, type: 'file', sizeBytes: 1_000_000 });
  });

  it('of a change of mode is the whole file once', async () => {
    const { total } = await wasteOf([file('bin', 700)], [file('bin', 700, { mode: 0o755 })]);
    expect(total).toMatchObject({ shippedBytes: 1400, wastedBytes: 700 });
  });

  it('counts what an opaque directory hides', async () => {
    const { rows } = await wasteOf([file('d/a', 10), file('d/e/b', 20)], [file('d/.wh..wh..opq'), file('d/c', 5)]);
    expect(rows.map(({ path, hiddenBy }) => [path, hiddenBy.how, hiddenBy.path])).toEqual([
      ['d/e/b', 'opaque', 'd'],
      ['d/a', 'opaque', 'd'],
    ]);
  });

  it('counts a content once however many names it has, and only when the last of them is gone', async () => {
    const base = [file('a', 100), hardlink('b', 'a'), hardlink('c', 'a')];
    expect((await wasteOf(base, [file('.wh.a'), file('.wh.b')])).total.wastedBytes).toBe(0);
    const { total, rows } = await wasteOf(base, [file('.wh.a')], [file('.wh.b')], [file('.wh.c')]);
    expect(total).toMatchObject({ shippedBytes: 100, wastedBytes: 100 });
    expect(rows.map(({ path, shippedBy, hiddenBy }) => [path, shippedBy, hiddenBy.layer])).toEqual([['a', 0, 3]]);
  });

  it('is not a content that a later layer links to', async () => {
    expect((await wasteOf([file('a', 100)], [hardlink('b', 'a'), file('.wh.a')])).total.wastedBytes).toBe(100);
    expect((await wasteOf([file('a', 100)], [hardlink('b', 'a')], [file('.wh.a')])).total.wastedBytes).toBe(0);
  });

  it('counts a file that its own layer replaces', async () => {
    const { rows } = await wasteOf([file('a', 100), file('a', 30)]);
    expect(rows).toMatchObject([
      { path: 'a', wastedBytes: 100, shippedBy: 0, hiddenBy: { layer: 0, how: 'same-layer' } },
    ]);
  });

  it('counts of a sparse file what the tar holds, not what it expands to', async () => {
    const { total } = await wasteOf([file('s', 2 ** 60, { stored: 512 })], [file('.wh.s')]);
    expect(total).toMatchObject({ shippedBytes: 512, wastedBytes: 512 });
  });

  it('gathers what each pair of layers wastes', async () => {
    const { pairs } = await wasteOf(
      [file('a', 10), file('b', 20), file('c', 5)],
      [file('.wh.a'), file('x', 7)],
      [file('.wh.b'), file('.wh.x'), file('c', 6)],
    );
    expect(
      pairs.map(({ shippedBy, hiddenBy, wastedBytes, fileCount }) => [shippedBy, hiddenBy, wastedBytes, fileCount]),
    ).toEqual([
      [0, 2, 25, 2],
      [0, 1, 10, 1],
      [1, 2, 7, 1],
    ]);
  });

  it('estimates compressed bytes by the ratio of the layer that ships them', async () => {
    const { stack } = await filesOf([file('a', 1024), file('b', 1024)], [file('.wh.a')]);
    const tarBytes = stack.layers[0]!.tarBytes!;
    const { total } = await findWaste(stack, [tarBytes / 4, 100]);
    expect(total.wastedCompressedEstimateBytes).toBe(256);
  });

  it('and survivors are what is shipped, and survivors what the merged view has', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('/'));
    const entry = fc.oneof(
      fc.tuple(path, fc.nat({ max: 99 })).map(([path, size]) => file(path, size)),
      fc.tuple(path, path).map(([path, target]) => hardlink(path, target)),
      path.map((path) => dir(path)),
      path.map((path) => file(path.replace(/([^/]+)$/, '.wh.$1'))),
      path.map((path) => file(`${path}/.wh..wh..opq`)),
    );
    const layers = fc.array(fc.array(entry, { maxLength: 6 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(layers, async (layers) => {
        const files = await filesOf(...layers);
        const { total, rows } = await wasteOf(...layers);
        const shipped = layers
          .flat()
          .reduce((sum, { content }) => sum + (typeof content === 'number' ? content : 0), 0);
        expect(total.shippedBytes).toBe(shipped);
        expect(total.survivingBytes).toBe((await files.viewOf(MERGED)).sizeBelow(0));
        expect(total.wastedBytes).toBe(shipped - total.survivingBytes);
        expect(rows.reduce((sum, row) => sum + row.wastedBytes, 0)).toBe(total.wastedBytes);
      }),
      { numRuns: 300 },
    );
  });
});
