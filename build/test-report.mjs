/**
 * What vitest's JSON report says, as a list: `file` is a path, `name` a test's full name, or undefined for a file that
 * failed outside its tests (an import, a rejection nobody handled), whose `message` then says why.
 *
 * @typedef {{ file: string, name?: string, status: 'passed' | 'failed' | 'skipped', message?: string }} Outcome
 */

/** @returns {Outcome[]} */
export function outcomesOf(report) {
  return report.testResults.flatMap((file) => {
    const tests = file.assertionResults.map(({ fullName, status }) => ({
      file: file.name,
      name: fullName,
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
    }));
    const isFailedOutside = file.status === 'failed' && tests.every(({ status }) => status !== 'failed');
    const message = String(file.message).split('\n')[0];
    return isFailedOutside ? [...tests, { file: file.name, status: 'failed', message }] : tests;
  });
}

/** The files worth a second run: a few that failed. Many that fail are no accident, and are told at once. */
export function filesToRunAgain(outcomes, { most }) {
  const files = [...new Set(outcomes.flatMap(({ file, status }) => (status === 'failed' ? [file] : [])))];
  return files.length <= most ? files : [];
}

/**
 * The outcomes with those of the files that ran again in their places; `unsteady`: what failed first and passed then.
 *
 * @param {Outcome[]} first
 * @param {Outcome[]} second
 */
export function withSecondRun(first, second) {
  const again = new Set(second.map(({ file }) => file));
  const now = (outcome) => second.find(({ file, name }) => file === outcome.file && name === outcome.name);
  const hasPassed = (outcome) =>
    outcome.name === undefined
      ? second.every(({ file, status }) => file !== outcome.file || status !== 'failed')
      : now(outcome)?.status === 'passed';
  return {
    outcomes: [...first.filter(({ file }) => !again.has(file)), ...second],
    unsteady: first.filter((outcome) => outcome.status === 'failed' && again.has(outcome.file) && hasPassed(outcome)),
  };
}
