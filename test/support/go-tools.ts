import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../build/setup/tools.mjs';

/**
 * A program that comes from `go install`: on PATH, or where Go puts what it installs. Undefined on a machine without it;
 * its tests are skipped there, on every machine, since nothing but Go brings it.
 */
export function findGoTool(name: string): string | undefined {
  const folders = [process.env['GOBIN'], join(process.env['GOPATH'] ?? join(homedir(), 'go'), 'bin')];
  const paths = folders.flatMap((folder) => (folder === undefined || folder === '' ? [] : [join(folder, name)]));
  return which(name) ?? paths.find((path) => existsSync(path));
}
