import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRegistry } from '#main/core/local-registry/start-local-registry.ts';
import { readJunit } from './read-junit.ts';
import type { Suite, SuiteTest } from './suites.ts';

const LIMIT_MS = 10 * 60 * 1000;

/** Runs a built suite against a Local registry on a folder of its own. A suite that leaves no report has failed. */
export async function runSuite(suite: Suite, program: string): Promise<readonly SuiteTest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-conformance-'));
  const registry = await startLocalRegistry({
    dir: join(folder, 'registry'),
    port: 0,
    logger: { log: () => undefined },
    clock: { now: Date.now },
  });
  try {
    const env = { ...process.env, ...suite.env(registry.address, folder) };
    const child = spawn(program, [], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'], timeout: LIMIT_MS });
    const [status] = await once(child, 'exit');
    const report = join(folder, 'junit.xml');
    const tests = existsSync(report) ? readJunit(readFileSync(report, 'utf8')) : [];
    // An end that no test accounts for: the suite broke off, or tested nothing.
    const isAccountedFor = tests.length > 0 && (status === 0 || tests.some((test) => test.status === 'failed'));
    const end: SuiteTest = { name: 'the suite as a whole', status: 'failed', message: `ended with ${String(status)}` };
    return isAccountedFor ? tests : [...tests, end];
  } finally {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
