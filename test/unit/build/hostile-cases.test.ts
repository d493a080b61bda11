import { describe, expect, it } from 'vitest';
import { findProofs, hostileCaseIds, LATER } from '../../../build/docs/render-hostile-cases.ts';

describe('docs/hostile-cases.md', () => {
  it('has a test for each case, but for those that say why not', () => {
    const proved = new Set(findProofs().map(({ id }) => id));
    expect(hostileCaseIds().filter((id) => !proved.has(id))).toEqual(Object.keys(LATER));
  });
});
