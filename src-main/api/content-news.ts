import type { Clock } from '../core/ports.ts';
import type { ChangeHub } from './change-hub.ts';

/** A repository that is copied to is not read anew for every one of its thousand tags. */
const QUIET_MS = 2000;

/** Tells that repositories have new content: at once after quiet, and again when the quiet after that is over. */
export function createContentNews(changes: ChangeHub, clock: Clock) {
  const pending = new Map<string, { again: boolean }>();
  const tell = async (registryId: string, repository: string, mark: { again: boolean }): Promise<void> => {
    do {
      mark.again = false;
      changes.publish({ area: 'content', registryId, repository });
      await clock.sleep(QUIET_MS);
    } while (mark.again);
    pending.delete(`${registryId} ${repository}`);
  };
  return (registryId: string, repository: string): void => {
    const key = `${registryId} ${repository}`;
    const mark = pending.get(key);
    if (mark !== undefined) {
      mark.again = true;
      return;
    }
    const fresh = { again: false };
    pending.set(key, fresh);
    void tell(registryId, repository, fresh);
  };
}
