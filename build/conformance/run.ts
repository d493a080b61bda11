import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findGo, NotAtHandError, prepareSuite } from './prepare-suite.ts';
import { countByWorkflow, findFailures, renderResult, type SuiteResult } from './render-result.ts';
import { runSuite } from './run-suite.ts';
import { SUITES } from './suites.ts';

// Builds the conformance suite, runs it against the Local registry, prints the totals, writes docs/conformance.md.

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    from: { type: 'string' },
    required: { type: 'boolean', default: false },
  },
});

async function runAll(): Promise<readonly SuiteResult[]> {
  const go = findGo();
  const programs = SUITES.map((suite) => [suite, prepareSuite(go, suite, values.from)] as const);
  const results: SuiteResult[] = [];
  for (const [suite, program] of programs) results.push({ suite, tests: await runSuite(suite, program) });
  return results;
}

function report(result: SuiteResult): number {
  console.log(`\nSuite ${result.suite.title}`);
  for (const [name, text] of countByWorkflow(result)) console.log(`  ${name.padEnd(20)} ${text}`);
  const failures = findFailures(result);
  for (const failure of failures) console.log(`  FAILED ${failure}`);
  return failures.length;
}

try {
  const results = await runAll();
  const failed = results.map(report).reduce((sum, count) => sum + count, 0);
  const path = resolve(root, 'docs/conformance.md');
  writeFileSync(path, renderResult(results, values.date));
  spawnSync(process.execPath, [resolve(root, 'node_modules/oxfmt/bin/oxfmt'), path], { cwd: root });
  console.log(`\ndocs/conformance.md written; ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof NotAtHandError)) throw error;
  console.error(`Gantry: not run: ${error.message}`);
  process.exitCode = values.required && process.env['CI'] === 'true' ? 1 : 0;
}
