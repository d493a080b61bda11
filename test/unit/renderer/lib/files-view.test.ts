import { describe, expect, it } from 'vitest';
import { readFilesPlace, viewOf, writeFilesPlace } from '#renderer/lib/files-view.ts';

const read = (text: string) => readFilesPlace(new URLSearchParams(text), 3);

describe('readFilesPlace', () => {
  it('counts layers from 1 and shows the whole image by itself', () => {
    expect(read('')).toEqual({ show: 'image', layer: undefined, deleted: false, path: undefined });
    expect(read('show=changes&layer=3&path=etc%2Fhosts')).toMatchObject({
      show: 'changes',
      layer: 2,
      path: 'etc/hosts',
    });
  });

  it('shows the image where the layer is none of its own', () => {
    for (const layer of ['0', '4', '1.5', '-1', 'x', '']) expect(read(`show=layer&layer=${layer}`).show).toBe('image');
  });

  it('reads back what was written, and leaves the rest of the address alone', () => {
    const places = [
      { show: 'layer', layer: 1, deleted: false, path: 'a b/ü' },
      { show: 'image', layer: 2, deleted: true, path: undefined },
    ] as const;
    for (const place of places) {
      const query = writeFilesPlace(new URLSearchParams('platform=x&path=old'), place);
      expect(query.get('platform')).toBe('x');
      expect(readFilesPlace(query, 3)).toEqual(place);
    }
  });
});

describe('viewOf', () => {
  it('is what the engine is asked for', () => {
    expect(viewOf({ show: 'image', deleted: true })).toEqual({ kind: 'merged', deleted: true });
    expect(viewOf({ show: 'image', layer: 1, deleted: false })).toEqual({
      kind: 'merged',
      deleted: false,
      upToLayer: 1,
    });
    expect(viewOf({ show: 'changes', layer: 0, deleted: true })).toEqual({ kind: 'changes', layer: 0 });
  });
});
