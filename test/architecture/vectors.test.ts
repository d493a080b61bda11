import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasVectors } from '#test/support/vectors.ts';
import { readSources } from './support/source-files.ts';

/** Cases of a file that a test leaves out are named with their reason in that test. */
describe.skipIf(!hasVectors)('the shared vectors', () => {
  it('are run by a test, each file of them', () => {
    const folder = resolve(import.meta.dirname, '../../../shared/vectors');
    const files = readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [name.replace('.json', '')] : []));
    const tests = readSources('test').filter(({ text }) => text.includes('loadVectors'));
    const isRun = (file: string) => tests.some(({ text }) => text.includes(`'${file}'`));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !isRun(file))).toEqual([]);
  });
});
