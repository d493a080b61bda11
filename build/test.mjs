import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './setup/built.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { projectEnv } from './setup/node-runtime.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';
import { ensureTools } from './setup/tools.mjs';
import { filesToRunAgain, outcomesOf, withSecondRun } from './test-report.mjs';

const projects = ['architecture', 'unit', 'registry', 'contract', 'electron', 'e2e'];
/** These run what `npm start` runs: the built bundles. */
const needsBuild = new Set(['contract', 'electron', 'e2e']);
/**
 * Servers and browsers of others have their own moods: a few files of these projects may run twice. What passes only the
 * second time is named at the end, and is to be mended like a failure.
 */
const usesServers = new Set(['registry', 'electron', 'e2e']);
const MOST_AGAIN = 3;
const isCi = process.env.CI === 'true';

/** Static checks: each counts as one test. */
const checks = (node) => [
  ['types', node, [inRoot('build/types.mjs')]],
  ['lint', node, [inRoot('node_modules/oxlint/bin/oxlint'), '--type-aware', '--deny-warnings']],
  ['format', node, [inRoot('node_modules/oxfmt/bin/oxfmt'), '--check', '.']],
];

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const unsteady = [];

function count(name, ok) {
  total[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(name);
  console.log(`${ok ? 'ok' : 'FAILED'}  ${name}`);
}

async function runVitest(node, project, files) {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-test-'));
  const report = join(dir, 'report.json');
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--project', project, ...files];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const { status } = await run(node, args, { env: projectEnv({ NODE_ENV: 'test' }) });
  try {
    return { status, outcomes: outcomesOf(JSON.parse(readFileSync(report, 'utf8'))) };
  } catch {
    return { status, outcomes: undefined };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runProject(node, project) {
  const { status, outcomes } = await runVitest(node, project, []);
  if (outcomes === undefined) return count(`${project}: vitest gave no report`, false);
  const hasFailed = ({ status }) => status === 'failed';
  // An unhandled rejection may have no file of its own.
  if (status !== 0 && !outcomes.some(hasFailed)) count(`${project}: vitest exited with ${status}`, false);
  if (outcomes.length === 0) count(`${project}: no tests`, false);
  const files = usesServers.has(project) ? filesToRunAgain(outcomes, { most: MOST_AGAIN }) : [];
  if (files.length === 0) return addOutcomes(project, outcomes);
  console.log(`\nOnce more: ${files.join(', ')}`);
  const again = (await runVitest(node, project, files)).outcomes ?? [];
  const merged = withSecondRun(outcomes, again);
  unsteady.push(...merged.unsteady.map((outcome) => nameOf(project, outcome)));
  addOutcomes(project, merged.outcomes);
}

const nameOf = (project, { name, file, message }) => `${project}: ${name ?? `${file}: ${message}`}`;

function addOutcomes(project, outcomes) {
  for (const outcome of outcomes) {
    total[outcome.status] += 1;
    if (outcome.status === 'failed') failures.push(nameOf(project, outcome));
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
if (unsteady.length > 0)
  console.log(`\nPassed only the second time:\n${unsteady.map((name) => `  ${name}`).join('\n')}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
