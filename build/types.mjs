import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

// One tsconfig per environment: what a file may use (DOM, Node, neither) follows from the folder it is in.
const environments = ['shared', 'main', 'preload', 'renderer', 'test'];
const tsc = resolve(import.meta.dirname, '../node_modules/.bin/tsc');
let failed = false;
for (const environment of environments) {
  const project = resolve(import.meta.dirname, `tsconfig.${environment}.json`);
  const { status } = spawnSync(tsc, ['-p', project], { stdio: 'inherit' });
  if (status !== 0) {
    failed = true;
    console.error(`types: ${environment} failed`);
  }
}
process.exit(failed ? 1 : 0);
