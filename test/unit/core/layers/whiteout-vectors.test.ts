import { describe, expect, it } from 'vitest';
import { flatten } from '#main/core/layers/extract/flatten.ts';
import { stackLayers } from '#main/core/layers/overlay/stack-layers.ts';
import { memoryLayer, type MemoryEntry } from '#test/support/memory-layer.ts';
import { loadVectors } from '#test/support/vectors.ts';

type VectorEntry = {
  readonly path: string;
  readonly type: 'file' | 'dir' | 'symlink' | 'hardlink';
  readonly link?: string;
  readonly content?: string;
  readonly mode?: string;
};

type FlattenCase = {
  readonly id: string;
  readonly kind: 'flatten' | 'verify';
  readonly layers: ReadonlyArray<readonly VectorEntry[]>;
  readonly expect: { readonly ok: boolean; readonly entries?: readonly VectorEntry[] };
};

type HiddenCase = {
  readonly id: string;
  readonly kind: 'hidden';
  readonly hiddenPaths: readonly string[];
  readonly path: string;
  readonly expect: boolean;
};

const flattenCases = loadVectors<FlattenCase | HiddenCase>('whiteouts', ({ kind }) => kind === 'flatten');
const hiddenCases = loadVectors<FlattenCase | HiddenCase>('whiteouts', ({ kind }) => kind === 'hidden');

const toMemoryEntry = ({ path, type, link, content, mode }: VectorEntry): MemoryEntry => ({
  path,
  type: type === 'dir' ? 'directory' : type,
  ...(content === undefined ? {} : { content }),
  ...(link === undefined ? {} : { link }),
  ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
});

const stackOf = (layers: ReadonlyArray<readonly VectorEntry[]>) =>
  stackLayers(layers.map((entries) => memoryLayer(entries.map(toMemoryEntry))));

const isAccepted = ([, vector]: readonly [string, FlattenCase]) => vector.expect.ok;
const named = flattenCases.map((vector) => [vector.id, vector as FlattenCase] as const);

/** An entry as both sides can say it. The size stands for the content, which is read elsewhere. */
function toLine({ path, type, content = '', link = '' }: VectorEntry): string {
  const target = type === 'symlink' || type === 'hardlink' ? link : '';
  return [type, path, type === 'file' ? Buffer.byteLength(content) : '', target].join(' ');
}

/** The other kind, `verify`, is about reading a layer's bytes and run where those are read. */
describe('flatten', () => {
  it.each(named.filter(isAccepted))('lists what the reference lists: %s', async (_id, vector) => {
    const stack = await stackOf(vector.layers);
    const { entries } = await flatten(stack);
    const lines = entries.map(({ path, type, entry, linkPath }) => {
      const shownType = type === 'directory' ? 'dir' : type;
      const size = type === 'file' ? stack.entries.sizeOf(entry) : '';
      const target = type === 'symlink' ? stack.entries.linkOf(entry) : linkPath;
      // The reference calls the root a dot.
      return [shownType, path === '' ? '.' : path, size, target ?? ''].join(' ');
    });
    expect(lines.toSorted()).toEqual(vector.expect.entries!.map(toLine).toSorted());
  });

  it.each(named.filter((one) => !isAccepted(one)))(
    'refuses what the reference refuses: %s (T05)',
    async (_id, vector) => {
      await expect(flatten(await stackOf(vector.layers))).rejects.toMatchObject({
        kind: 'files',
        reason: 'unsafe-path',
      });
    },
  );
});

describe('a whiteout', () => {
  it.each(hiddenCases.map((vector) => [vector.id, vector as HiddenCase] as const))(
    'hides its path and all below it: %s',
    async (_id, { hiddenPaths, path, expect: isHidden }) => {
      const markers = hiddenPaths.map((hidden) => ({ path: hidden.replace(/([^/]+)$/, '.wh.$1') }));
      const stack = await stackLayers([memoryLayer([{ path }]), memoryLayer(markers)]);
      const { entries } = await flatten(stack);
      expect(entries.map((entry) => entry.path)).toEqual(isHidden ? [] : [path]);
    },
  );
});
