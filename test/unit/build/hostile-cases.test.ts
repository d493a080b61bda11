import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  findProofs,
  HOSTILE_CASES_PATH,
  hostileCaseIds,
  renderHostileCases,
} from '../../../build/docs/render-hostile-cases.ts';

describe('docs/hostile-cases.md', () => {
  it('is what the tests are named now (else run: npm run docs)', () => {
    expect(readFileSync(HOSTILE_CASES_PATH, 'utf8')).toBe(renderHostileCases());
  });

  it('has a test for each case', () => {
    const proved = new Set(findProofs().map(({ id }) => id));
    expect(hostileCaseIds().filter((id) => !proved.has(id))).toEqual([]);
  });
});
