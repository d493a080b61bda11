import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/**
 * Where something is made before it is moved to `path`: beside it, so that moving is one step, and hidden. The name of
 * the target may be as long as a name can be, so it is in there by its hash.
 */
export function workPath(path: string, key: string): string {
  const hash = createHash('sha256').update(basename(path)).digest('hex').slice(0, 8);
  return join(dirname(path), `.gantry-${key}-${hash}.part`);
}
