import { describe, expect, it } from 'vitest';
import { filesToRunAgain, outcomesOf, withSecondRun } from '../../../build/test-report.mjs';

const file = (name: string, tests: Readonly<Record<string, string>>, status = 'passed', message = '') => ({
  name,
  status,
  message,
  assertionResults: Object.entries(tests).map(([fullName, state]) => ({ fullName, status: state })),
});
const outcomes = (...testResults: readonly ReturnType<typeof file>[]) => outcomesOf({ testResults });

describe("vitest's report", () => {
  it('is a list of what each test came to', () => {
    const states = { one: 'passed', two: 'failed', three: 'pending', four: 'todo' };
    expect(outcomes(file('a', states, 'failed')).map(({ status }) => status)).toEqual([
      'passed',
      'failed',
      'skipped',
      'skipped',
    ]);
  });

  it('names a file that failed outside its tests', () => {
    const broken = { file: 'a', status: 'failed', message: 'cannot import' };
    expect(outcomes(file('a', {}, 'failed', 'cannot import\nat …'))).toEqual([broken]);
    expect(outcomes(file('a', { one: 'passed' }, 'failed', 'cannot import'))).toContainEqual(broken);
  });
});

describe('a second run', () => {
  const first = outcomes(
    file('a', { one: 'failed', two: 'failed', three: 'passed' }, 'failed'),
    file('b', { four: 'passed' }),
    file('c', {}, 'failed', 'a rejection'),
  );

  it('is for a few files, not for many', () => {
    expect(filesToRunAgain(first, { most: 2 })).toEqual(['a', 'c']);
    expect(filesToRunAgain(first, { most: 1 })).toEqual([]);
  });

  it('counts instead of the first, and names what passed only then', () => {
    const second = outcomes(
      file('a', { one: 'passed', two: 'failed', three: 'passed' }, 'failed'),
      file('c', { five: 'passed' }),
    );
    const { outcomes: merged, unsteady } = withSecondRun(first, second);
    expect(merged.map(({ name, status }) => `${name} ${status}`).toSorted()).toEqual([
      'five passed',
      'four passed',
      'one passed',
      'three passed',
      'two failed',
    ]);
    expect(unsteady.map((each) => each.name ?? each.file)).toEqual(['one', 'c']);
  });

  it('changes nothing when it did not take place', () => {
    expect(withSecondRun(first, [])).toEqual({ outcomes: first, unsteady: [] });
  });

  it('makes up for no test that is missing from it', () => {
    const { unsteady } = withSecondRun(first, outcomes(file('a', { two: 'passed' })));
    expect(unsteady.map(({ name }) => name)).toEqual(['two']);
  });
});
