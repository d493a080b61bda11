import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode, listFolder } from '../../files.ts';
import type { StoreContext } from './store-context.ts';

/** Removes the temporary files that a killed process left. For the start: ours are all of them stale then. */
export async function sweepTemporary({ layout }: Pick<StoreContext, 'layout'>): Promise<void> {
  for (const { name } of await listFolder(layout.temporaryDir)) {
    if (!isWriterAlive(name)) await rm(join(layout.temporaryDir, name), { recursive: true, force: true });
  }
}

function isWriterAlive(temporaryName: string): boolean {
  const pid = Number(temporaryName.split('-', 1)[0]);
  // Nothing of ours is under way yet when this process opens the store.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
}
