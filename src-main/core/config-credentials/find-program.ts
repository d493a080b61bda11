import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from './config-places.ts';

type Where = {
  readonly env: Environment;
  readonly homeDir: string;
  readonly platform: NodeJS.Platform;
};

/**
 * The absolute path of a program on `PATH`, in folders named absolutely only: an empty or relative one would mean
 * wherever we happen to run. Undefined when there is none.
 */
export async function findProgram(name: string, where: Where): Promise<string | undefined> {
  // A .cmd or .bat needs a shell, which is what nobody gets here.
  const file = where.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of foldersOf(where)) {
    const path = join(folder, file);
    if (await isProgram(path)) return path;
  }
  return undefined;
}

function foldersOf({ env, homeDir, platform }: Where): readonly string[] {
  const listed = pathOf(env, platform)
    .split(delimiter)
    .filter((folder) => isAbsolute(folder));
  return platform === 'darwin' ? [...listed, ...macFolders(homeDir)] : listed;
}

/** An app opened from the Finder gets a PATH without the folders into which docker and Homebrew put helpers. */
function macFolders(homeDir: string): readonly string[] {
  const docker = ['/usr/local/bin', '/opt/homebrew/bin', '/Applications/Docker.app/Contents/Resources/bin'];
  return [...docker, join(homeDir, '.docker', 'bin')];
}

/** Windows writes it `Path` as a rule. */
function pathOf(env: Environment, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return env['PATH'] ?? '';
  return Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
