import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { inRoot } from './paths.mjs';

const needed = 24;
const isNewEnough = (version) => Number(version.replace(/^v/, '').split('.')[0]) >= needed;

/** The Node 24 that came with the dependencies, or the running one when that is new enough; undefined when neither is. */
export function findNode() {
  const own = inRoot('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) {
    const { stdout, status } = spawnSync(own, ['--version'], { encoding: 'utf8' });
    if (status === 0 && isNewEnough(stdout.trim())) return own;
  }
  return isNewEnough(process.version) ? process.execPath : undefined;
}

/** The environment for our own programs: the project's binaries first on PATH. */
export function projectEnv(extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: [inRoot('node_modules/.bin'), process.env.PATH ?? ''].join(separator), ...extra };
}

/**
 * For Node where the engine runs. Node gives the newest objects up to 3 x 16 MiB and keeps it all: after one long list
 * the engine would hold 50 MiB of nothing, and while it copies 100 MiB of pieces that have gone by. 3 x 4 MiB is as fast
 * for lists, and a quarter faster for copies, since what is written to has just been in the processor's cache.
 */
export const ENGINE_FLAGS = ['--max-semi-space-size=4'];

/** The web host as Node's arguments. */
export const WEB_HOST = [...ENGINE_FLAGS, inRoot('out/main/web.js')];

/** The same for Electron, which takes it at its start alone: V8 lays out its heap before the first script. */
export const DESKTOP_FLAGS = [`--js-flags=${ENGINE_FLAGS.join(' ')}`];
