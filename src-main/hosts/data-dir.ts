import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DiskError } from '../core/gantry-error.ts';

type Machine = { readonly platform: NodeJS.Platform; readonly env: NodeJS.ProcessEnv; readonly homeDir: string };

const thisMachine = (): Machine => ({ platform: process.platform, env: process.env, homeDir: homedir() });

/** Where this system wants the data of an app: the same folder for the desktop window and the web version. */
export function defaultDataDir({ platform, env, homeDir }: Machine = thisMachine()): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homeDir, 'AppData', 'Local'), 'Gantry');
  if (platform === 'darwin') return join(homeDir, 'Library', 'Application Support', 'Gantry');
  const told = env['XDG_DATA_HOME'];
  // Spec: XDG Base Directory, a relative path is to be ignored.
  return join(told?.startsWith('/') === true ? told : join(homeDir, '.local', 'share'), 'gantry');
}

/**
 * Makes the data folder, for its owner only where it is new, and gives its absolute path.
 * @throws {DiskError} when it cannot be made
 */
export function prepareDataDir(dataDir: string = defaultDataDir()): string {
  const path = resolve(dataDir);
  try {
    // A folder that was there keeps its mode: it may hold more than ours. Our files in it are 0600 by themselves.
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  } catch (error) {
    throw new DiskError(`the data folder ${path} cannot be used`, { cause: error });
  }
}
