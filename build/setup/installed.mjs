import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { findNode } from './node-runtime.mjs';
import { run } from './run.mjs';

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** True when node_modules holds exactly the versions of the lock file (optional packages of other systems aside). */
function isInstalled() {
  const hidden = inRoot('node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const have = readPackages(hidden);
  const want = Object.entries(readPackages(inRoot('package-lock.json')));
  return want.every(
    ([path, entry]) =>
      path === '' || entry.optional === true || entry.devOptional === true || have[path]?.version === entry.version,
  );
}

/**
 * Installs the dependencies when they are missing or stale.
 * @returns {Promise<string>} the Node 24 to run our programs with
 * @throws {Error} in words for a person
 */
export async function ensureInstalled() {
  if (!isInstalled()) {
    console.error('Gantry: installing dependencies …');
    const { status, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { quiet: true });
    if (status !== 0) throw new Error(`npm ci failed:\n${output}`);
  }
  const node = findNode();
  if (node === undefined) {
    throw new Error(
      'Gantry needs Node 24. It comes with the dependencies, unless npm is told not to run install scripts: ' +
        'run `npm rebuild node`, or use Node 24 yourself.',
    );
  }
  return node;
}
