import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './setup/built.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { projectEnv } from './setup/node-runtime.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';
import { ensureTools } from './setup/tools.mjs';

const projects = ['architecture', 'unit', 'registry', 'contract', 'electron', 'e2e'];
/** These run what `npm start` runs: the built bundles. */
const needsBuild = new Set(['contract', 'electron', 'e2e']);
const isCi = process.env.CI === 'true';

/** Static checks: each counts as one test. */
const checks = (node) => [
  ['types', node, [inRoot('build/types.mjs')]],
  ['lint', node, [inRoot('node_modules/oxlint/bin/oxlint'), '--type-aware', '--deny-warnings']],
  ['format', node, [inRoot('node_modules/oxfmt/bin/oxfmt'), '--check', '.']],
];

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function count(name, ok) {
  total[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(name);
  console.log(`${ok ? 'ok' : 'FAILED'}  ${name}`);
}

async function runProject(node, project) {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-test-'));
  const report = join(dir, 'report.json');
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--project', project];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const { status } = await run(node, args, { env: projectEnv({ NODE_ENV: 'test' }) });
  const before = total.failed;
  try {
    addReport(project, JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    count(`${project}: vitest gave no report`, false);
  }
  // A suite that failed outside a test (import error, unhandled rejection) has no failed test of its own.
  if (status !== 0 && total.failed === before) count(`${project}: vitest exited with ${status}`, false);
  rmSync(dir, { recursive: true, force: true });
}

function addReport(project, report) {
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  if (report.numTotalTests === 0) count(`${project}: no tests`, false);
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.every((result) => result.status !== 'failed')) {
      count(`${file.name}: ${String(file.message).split('\n')[0]}`, false);
    }
    for (const result of file.assertionResults)
      if (result.status === 'failed') failures.push(`${project}: ${result.fullName}`);
  }
}

async function main() {
  const only = process.argv.slice(2);
  const unknown = only.filter((name) => !projects.includes(name) && name !== 'static');
  if (unknown.length > 0)
    throw new Error(`no such part: ${unknown.join(', ')}; there are: static ${projects.join(' ')}`);
  const wants = (name) => only.length === 0 || only.includes(name);

  const node = await ensureInstalled();
  const absent = await ensureTools();
  if (isCi) for (const name of absent) count(`${name} is on this machine`, false);
  if (wants('static'))
    for (const [name, program, args] of checks(node)) count(name, (await run(program, args)).status === 0);
  if (projects.some((name) => needsBuild.has(name) && wants(name))) await ensureBuilt(node);
  for (const project of projects) if (wants(project)) await runProject(node, project);
}

await main().catch((error) => {
  console.error(`Gantry: ${error.message}`);
  count('set-up', false);
});
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
