import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * True when every tool is installed. A missing tool is a visible skip on a person's machine, and a failure where
 * `CI=true` says that the machine was set up for us.
 */
export function hasTools(...names: readonly string[]): boolean {
  const missing = names.filter((name) => !isOnPath(name));
  if (missing.length > 0 && process.env['CI'] === 'true') throw new Error(`not installed: ${missing.join(', ')}`);
  return missing.length === 0;
}

function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
