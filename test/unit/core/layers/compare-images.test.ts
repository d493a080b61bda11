import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SingleImageView } from '#main/core/image/image-view.ts';
import { align } from '#main/core/layers/compare/align.ts';
import { compareImages } from '#main/core/layers/compare/compare-images.ts';
import { parseDigest } from '#shared/oci/digest.ts';

const digestOf = (character: string) => parseDigest(`sha256:${character.repeat(64)}`);

type Spec = {
  readonly digest?: string;
  readonly config?: Partial<SingleImageView['config']>;
  readonly layers?: ReadonlyArray<readonly [blob: string, tar: string, size: number, line?: string]>;
};

function image({ digest = '0', config = {}, layers = [] }: Spec): SingleImageView {
  return {
    kind: 'image',
    digest: digestOf(digest),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    sizeBytes: 1,
    annotations: [],
    warnings: [],
    platformText: 'linux/amd64',
    configDescriptor: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf('f'),
      sizeBytes: 1,
      annotations: [],
      urls: [],
    },
    config: {
      platform: { os: 'linux', architecture: 'amd64', osFeatures: [], features: [] },
      env: [],
      ports: [],
      volumes: [],
      labels: [],
      onBuild: [],
      diffIds: [],
      history: layers.map(([, , , createdBy]) => ({ createdBy: createdBy ?? 'RUN', emptyLayer: false })),
      ...config,
    },
    layers: layers.map(([blob, tar, sizeBytes], historyIndex) => ({
      descriptor: { mediaType: 'x', digest: digestOf(blob), sizeBytes, annotations: [], urls: [] },
      diffId: digestOf(tar),
      historyIndex,
      compression: 'gzip',
      foreign: false,
    })),
    history: [],
    historyState: 'mapped',
    totalBytes: 0,
  };
}

describe('compareImages', () => {
  it('compares single values, and lists as JSON', () => {
    const { fields } = compareImages(
      image({ config: { user: 'root', entrypoint: ['/bin/a', 'b c'], workingDir: '/x' } }),
      image({ config: { user: 'app', entrypoint: ['/bin/a', 'b c'], stopSignal: 'SIGINT' } }),
    );
    expect(fields).toEqual(
      expect.arrayContaining([
        { name: 'User', difference: 'changed', left: 'root', right: 'app' },
        { name: 'Entrypoint', difference: 'same', left: '["/bin/a","b c"]', right: '["/bin/a","b c"]' },
        { name: 'WorkingDir', difference: 'removed', left: '/x' },
        { name: 'StopSignal', difference: 'added', right: 'SIGINT' },
      ]),
    );
    expect(fields.map(({ name }) => name)).not.toContain('Cmd');
  });

  it('compares variables by name, the last of a name, and keeps names that objects would not', () => {
    const { env, labels } = compareImages(
      image({ config: { env: ['A=1', 'B=x=y', 'A=2', '__proto__=p', 'BARE'], labels: [['__proto__', 'l']] } }),
      image({ config: { env: ['B=z', 'A=2', 'C='], labels: [] } }),
    );
    expect(env).toEqual([
      { name: 'A', difference: 'same', left: '2', right: '2' },
      { name: 'B', difference: 'changed', left: 'x=y', right: 'z' },
      { name: '__proto__', difference: 'removed', left: 'p' },
      { name: 'BARE', difference: 'removed', left: '' },
      { name: 'C', difference: 'added', right: '' },
    ]);
    expect(labels).toEqual([{ name: '__proto__', difference: 'removed', left: 'l' }]);
  });

  it('finds shared layers by blob and by tar, and sums blobs once', () => {
    const { layers, sharedBytes, leftOnlyBytes, rightOnlyBytes } = compareImages(
      image({
        layers: [
          ['a', '1', 100, 'ADD base'],
          ['b', '2', 10, 'RUN old'],
          ['c', '3', 5, 'COPY'],
          ['c', '3', 5, 'COPY'],
        ],
      }),
      image({
        layers: [
          ['a', '1', 100, 'ADD base'],
          ['d', '4', 20, 'RUN new'],
          ['e', '3', 4, 'COPY'],
        ],
      }),
    );
    expect(layers.map(({ match, left, right }) => [match, left?.layer, right?.layer, right?.createdBy])).toEqual([
      ['digest', 0, 0, 'ADD base'],
      [undefined, 1, undefined, undefined],
      [undefined, 2, undefined, undefined],
      [undefined, undefined, 1, 'RUN new'],
      ['diff-id', 3, 2, 'COPY'],
    ]);
    expect({ sharedBytes, leftOnlyBytes, rightOnlyBytes }).toEqual({
      sharedBytes: 100,
      leftOnlyBytes: 15,
      rightOnlyBytes: 24,
    });
  });

  it('lays history lines beside each other by what they did', () => {
    const line = (createdBy: string, created: string) => ({ createdBy, created, emptyLayer: true });
    const { history } = compareImages(
      image({ config: { history: [line('A', '1'), line('B', '1'), line('C', '1')] } }),
      image({ config: { history: [line('A', '2'), line('X', '2'), line('C', '2')] } }),
    );
    expect(history.map(({ difference, left, right }) => [difference, left?.createdBy, right?.createdBy])).toEqual([
      ['same', 'A', 'A'],
      ['removed', 'B', undefined],
      ['added', undefined, 'X'],
      ['same', 'C', 'C'],
    ]);
  });

  it('knows one image to be the same as itself', () => {
    expect(compareImages(image({}), image({})).isSame).toBe(true);
    expect(compareImages(image({}), image({ digest: '1' })).isSame).toBe(false);
  });
});

describe('align', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });

  /** All ways through both lists. */
  function longest(left: readonly string[], right: readonly string[]): number {
    const [a, ...restLeft] = left;
    const [b, ...restRight] = right;
    if (a === undefined || b === undefined) return 0;
    return a === b ? 1 + longest(restLeft, restRight) : Math.max(longest(restLeft, right), longest(left, restRight));
  }

  it('loses no line, keeps both orders, and pairs as many as can be', () => {
    fc.assert(
      fc.property(letters, letters, (left, right) => {
        const lines = align(left, right, (a, b) => a === b);
        expect(lines.flatMap(({ left }) => left ?? [])).toEqual(left);
        expect(lines.flatMap(({ right }) => right ?? [])).toEqual(right);
        const pairs = lines.filter((line) => line.left !== undefined && line.right !== undefined);
        expect(pairs.every((line) => line.left === line.right)).toBe(true);
        expect(pairs.length).toBe(longest(left, right));
      }),
    );
  });

  it('of very long lists pairs what begins and ends alike', () => {
    const many = (name: string) => Array.from({ length: 3000 }, (_, index) => `${name}${index}`);
    const lines = align(['same', ...many('a'), 'end'], ['same', ...many('b'), 'end'], (a, b) => a === b);
    expect(lines.length).toBe(6002);
    expect([lines[0], lines.at(-1)]).toEqual([
      { left: 'same', right: 'same' },
      { left: 'end', right: 'end' },
    ]);
  });
});
