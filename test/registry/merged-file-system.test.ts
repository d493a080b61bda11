import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFiles } from '#main/core/layers/browse/create-files.ts';
import { flatten } from '#main/core/layers/extract/flatten.ts';
import type { LayerStack } from '#main/core/layers/overlay/layer-stack.ts';
import { stackLayers } from '#main/core/layers/overlay/stack-layers.ts';
import type { TarEntry } from '#main/core/local-registry/image-builder/tar.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { allRows } from '#test/support/layer-files.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { imageOf, memoryLayersOf, unpackWithUmoci } from '#test/support/real-merge.ts';
import { run } from '#test/support/run.ts';
import { hasTools } from '#test/support/tools.ts';

const crane = findGoTool('crane');

const dir = (path: string, mode = 0o755): TarEntry => ({ path: `${path}/`, type: 'directory', mode });
const file = (path: string, content = path): TarEntry => ({ path, type: 'file', content });
const link = (path: string, linkTo: string): TarEntry => ({ path, type: 'symlink', linkTo });
const hard = (path: string, linkTo: string): TarEntry => ({ path, type: 'hardlink', linkTo });

const IMAGES: Readonly<Record<string, ReadonlyArray<readonly TarEntry[]>>> = {
  'whiteouts of files and folders': [
    [dir('a'), file('a/one'), file('a/two'), dir('b'), file('b/x'), file('c')],
    [dir('a'), file('a/.wh.one', ''), file('.wh.b', ''), file('.wh.none', '')],
    [dir('b'), file('b/y')],
  ],
  'opaque folders': [
    [dir('a'), file('a/one'), dir('a/deep'), file('a/deep/x'), dir('b'), file('b/y')],
    [dir('a'), file('a/.wh..wh..opq', ''), file('a/two')],
    [dir('b'), file('b/z'), file('b/.wh..wh..opq', '')],
  ],
  'files over folders and folders over files and links': [
    [dir('a'), file('a/x'), file('b'), link('c', 'b'), dir('d'), link('e', 'd')],
    [file('a'), dir('b'), file('b/y'), dir('c'), file('c/z'), link('d', 'b'), dir('e'), file('e/w')],
  ],
  'hard links within a layer and across layers': [
    [dir('a'), file('a/one', 'content'), hard('a/two', 'a/one'), hard('three', './a/one')],
    [hard('four', 'a/two'), file('.wh.three', '')],
    [file('a/one', 'other'), dir('b'), hard('b/five', 'four')],
  ],
  'entries through links of lower layers': [
    [
      dir('usr'),
      dir('usr/lib'),
      file('usr/lib/a'),
      link('lib', 'usr/lib'),
      link('up', '../../usr'),
      link('abs', '/usr'),
    ],
    [file('lib/b'), file('up/c'), file('abs/d'), file('lib/.wh.a', '')],
    [dir('lib'), file('lib/own')],
  ],
  'names that are long, odd or not ASCII': [
    [
      dir('x'.repeat(90)),
      file(`${'x'.repeat(90)}/${'y'.repeat(120)}`),
      file('ünïcödé'),
      file('with space'),
      file('.hidden'),
    ],
    [file('.wh.with space', ''), file('ünïcödé', 'again')],
  ],
};

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 });
const parents = (parts: readonly string[]) =>
  parts.slice(0, -1).map((_, index) => dir(parts.slice(0, index + 1).join('/')));
const entry = (what: 'markers' | 'links') =>
  fc.oneof(
    fc
      .tuple(path, fc.nat({ max: 9 }))
      .map(([parts, size]) => parents(parts).concat(file(parts.join('/'), 'x'.repeat(size)))),
    path.map((parts) => parents(parts).concat(dir(parts.join('/')))),
    fc
      .tuple(path, path)
      .map(([parts, to]) =>
        parents(parts).concat(what === 'links' ? link(parts.join('/'), `/${to.join('/')}`) : dir(to.join('/'))),
      ),
  );
const marker = fc.oneof(
  path.map((parts) => file([...parts.slice(0, -1), `.wh.${parts.at(-1)}`].join('/'), '')),
  path.map((parts) => file([...parts, '.wh..wh..opq'].join('/'), '')),
);

const named = Object.entries(IMAGES);

async function ourLines(stack: LayerStack): Promise<readonly string[]> {
  const files = createFiles(stack);
  const first = new Map<number, string>();
  const rows = await allRows(files);
  const lines = rows.map(({ path, type, sizeBytes, linkTarget }) => {
    if (type === 'directory') return `${path} directory`;
    if (type === 'symlink') return `${path} symlink ${linkTarget}`;
    const node = stack.tree.find(path.split('/'));
    const content = stack.entries.contentOf(stack.latestOf(node));
    const group = first.get(content) ?? path;
    first.set(content, group);
    return `${path} file ${sizeBytes} ${group}`;
  });
  return lines.toSorted();
}

describe.skipIf(!hasTools('umoci'))('the merged file system', () => {
  it.each(named)('is what umoci unpacks: %s', async (_name, layers) => {
    expect(await ourLines(await stackLayers(memoryLayersOf(layers)))).toEqual(await unpackWithUmoci(imageOf(layers)));
  });

  // umoci goes by the order in the tar where the specification does not: markers first, and none below a link that the
  // same layer replaces, is what both take alike.
  it.each(['markers', 'links'] as const)('is what umoci unpacks, for images with %s made at random', async (what) => {
    const layer = fc
      .tuple(
        fc.array(marker, { maxLength: what === 'markers' ? 3 : 0 }),
        fc.array(entry(what), { minLength: 1, maxLength: 5 }),
      )
      .map(([markers, entries]) => markers.concat(entries.flat()));
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 4 }), async (layers) => {
        // Some it refuses: a circle of links on the way, a file below a file.
        const theirs = await unpackWithUmoci(imageOf(layers)).catch(() => undefined);
        fc.pre(theirs !== undefined);
        expect(await ourLines(await stackLayers(memoryLayersOf(layers)))).toEqual(theirs);
      }),
      { numRuns: 25 },
    );
  });
});

describe.skipIf(crane === undefined)('the flattened file system', () => {
  let registry: TestRegistry;
  beforeAll(async () => void (registry = await startTestRegistry()));
  afterAll(() => registry.stop());

  // Through a link of a lower layer crane keeps the path as written, which no engine does.
  it.each(named.filter(([name]) => !name.startsWith('entries through')))(
    'has the entries that crane exports: %s',
    async (_name, layers) => {
      await pushContent(registry.address, 'merged', imageOf(layers), ['image']);
      const { entries } = await flatten(await stackLayers(memoryLayersOf(layers)));
      const command = `'${crane}' export --insecure ${registry.address}/merged:image - | tar --quoting-style=literal -t`;
      const listing = await run('sh', ['-c', command]);
      const theirs = listing
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/\/$/, ''));
      expect(entries.map(({ path }) => path).toSorted()).toEqual(theirs.toSorted());
    },
  );
});
