import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode, listFolder, statRegular } from './files.ts';
import type { StoreContext } from './store-context.ts';

const UPLOAD_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what a killed process left: temporary files whose writer is gone, and upload sessions that nobody has
 * written to for a day.
 */
export async function sweepLeftovers({ layout, clock }: Pick<StoreContext, 'layout' | 'clock'>): Promise<void> {
  for (const { name } of await listFolder(layout.temporaryDir)) {
    if (!isWriterAlive(name)) await rm(join(layout.temporaryDir, name), { recursive: true, force: true });
  }
  for (const { name } of await listFolder(layout.uploadsDir)) {
    const stats = await statRegular(join(layout.uploadsDir, name));
    if (stats === undefined || clock.now() - stats.mtimeMs > UPLOAD_LIFETIME_MS) {
      await rm(join(layout.uploadsDir, name), { recursive: true, force: true });
    }
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
