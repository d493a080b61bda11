import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { projectEnv } from './node-runtime.mjs';
import { run } from './run.mjs';

const sources = ['src-main', 'src-renderer', 'src-shared', 'build'];
const files = ['package.json', 'package-lock.json', 'electron.vite.config.ts'];
const outputs = ['out/main/web.js', 'out/main/electron.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];
const stamp = inRoot('out/.source-hash');

function filesBelow(dir) {
  const entries = readdirSync(inRoot(dir), { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** SHA-256 over names and contents: modification times lie after a checkout. */
function sourceHash() {
  const hash = createHash('sha256');
  const all = [...sources.flatMap(filesBelow), ...files.map((file) => inRoot(file))];
  all.sort((a, b) => (a < b ? -1 : 1));
  for (const file of all) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Builds main, preload and renderer when the sources changed since the last build. @throws {Error} with the output */
export async function ensureBuilt(node) {
  const hash = sourceHash();
  const isFresh =
    outputs.every((file) => existsSync(inRoot(file))) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isFresh) return;
  console.error('Gantry: building …');
  const cli = inRoot('node_modules/electron-vite/bin/electron-vite.js');
  const { status, output } = await run(node, [cli, 'build', '-c', 'electron.vite.config.ts'], {
    quiet: true,
    env: projectEnv({ NODE_ENV: 'production' }),
  });
  if (status !== 0) throw new Error(`the build failed:\n${output}`);
  writeFileSync(stamp, hash);
}
