import { describe, expect, it } from 'vitest';
import { comparePath, pointText, readComparePlace } from '#renderer/lib/compare-place.ts';

const read = (path: string) => readComparePlace(new URLSearchParams(path.split('?')[1] ?? ''));

describe('comparePath', () => {
  it('is read back as it was written, with one side or both', () => {
    const left = { registryId: 'local', repository: 'team/app', reference: '1&2=3', platform: 'linux/arm64/v8' };
    const right = { registryId: 'r2', repository: 'app', reference: `sha256:${'a'.repeat(64)}` };
    for (const place of [{ left, right }, { left }, { right }, {}]) expect(read(comparePath(place))).toEqual(place);
    expect([pointText(left), pointText(right)]).toEqual(['team/app:1&2=3', `app@sha256:${'a'.repeat(64)}`]);
  });

  it('leaves out what nobody has written', () => {
    for (const text of ['left=x', 'left=%5B1%2C2%5D', 'left=%5B%22a%22%5D', 'left=%7B%7D']) {
      expect(read(`/compare?${text}`)).toEqual({ left: undefined, right: undefined });
    }
  });
});
