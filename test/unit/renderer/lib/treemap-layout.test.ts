import { describe, expect, it } from 'vitest';
import { layOutTreemap, nextBox } from '#renderer/lib/treemap-layout.ts';
import type { TreemapNode } from '#shared/api/files.ts';

const node = (path: string, sizeBytes: number, parent?: number, kind: TreemapNode['kind'] = 'file'): TreemapNode => ({
  path,
  name: path.split('/').at(-1) ?? '',
  sizeBytes,
  fileCount: 1,
  kind,
  ...(parent === undefined ? {} : { parent }),
});
const NODES = [
  node('', 400, undefined, 'directory'),
  node('usr', 300, 0, 'directory'),
  node('bin', 100, 0),
  node('usr/a', 200, 1),
  node('usr/b', 100, 1),
];

describe('layOutTreemap', () => {
  const boxes = layOutTreemap(NODES, 800, 400);
  const of = (path: string) => boxes.find((box) => box.node.path === path);

  it('gives files room by their size, inside their directories', () => {
    const [usr, big, small] = [of('usr')!, of('usr/a')!, of('usr/b')!];
    const area = ({ width, height }: typeof usr) => width * height;
    expect(area(big) / area(small)).toBeGreaterThan(1.7);
    expect(area(big) / area(small)).toBeLessThan(2.3);
    for (const box of [big, small]) {
      expect(box.x).toBeGreaterThanOrEqual(usr.x);
      expect(box.x + box.width).toBeLessThanOrEqual(usr.x + usr.width);
      expect(box.group).toBe(usr.group);
    }
    expect(usr.isGroup).toBe(true);
  });

  it('leaves the root and what is too small to see out', () => {
    expect(of('')).toBeUndefined();
    const tiny = layOutTreemap([...NODES, node('nothing', 0, 0)], 800, 400);
    expect(tiny.some((box) => box.node.path === 'nothing')).toBe(false);
    expect(layOutTreemap([], 800, 400)).toEqual([]);
    expect(layOutTreemap(NODES, 0, 400)).toEqual([]);
  });

  it('leads from box to box with the arrow keys, and stays at the edge', () => {
    const from = of('usr/a')!;
    const leaves = boxes.filter((box) => !box.isGroup);
    const seen = new Set([from]);
    for (const box of seen) {
      const next = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map((key) => nextBox(boxes, box, key));
      expect(next).toContain(undefined);
      for (const each of next) if (each !== undefined) seen.add(each);
    }
    expect(seen).toEqual(new Set(leaves));
    expect(nextBox(boxes, from, 'x')).toBeUndefined();
  });
});
