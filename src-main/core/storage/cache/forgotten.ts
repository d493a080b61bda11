import type { Logger } from '../../ports.ts';
import type { ForgottenRows } from '../forgotten-rows.ts';
import { messageOf } from '../sqlite-error.ts';
import type { CacheRows } from './cache-rows.ts';
import type { StepOutcome } from './sweeper.ts';

/** What is still to be forgotten, and not to be shown meanwhile. */
export type Forgotten = {
  add(registryId: string): void;
  has(registryId: string): boolean;
  /** Deletes a bit of it; undefined when nothing is left. @throws what SQLite throws */
  step(rows: CacheRows): StepOutcome | undefined;
};

/**
 * Kept in the database, and in memory as well where that cannot be written. When it cannot be read, everything counts as
 * forgotten: to show less is the safe mistake.
 */
export function createForgotten(stored: ForgottenRows, logger: Logger): Forgotten {
  const unstored = new Set<string>();
  const failed = (error: unknown): void => logger.log('warn', 'cache.forgotten-unknown', { reason: messageOf(error) });

  return {
    add: (registryId) => {
      try {
        stored.add(registryId);
      } catch (error) {
        unstored.add(registryId);
        failed(error);
      }
    },
    has: (registryId) => {
      try {
        return unstored.has(registryId) || stored.has(registryId);
      } catch (error) {
        failed(error);
        return true;
      }
    },
    step: (rows) => {
      const [registryId] = [...unstored, ...stored.list()];
      if (registryId === undefined) return undefined;
      if (rows.deleteSome(registryId) || rows.shrinkSome()) return 'more';
      // Another process reads in the log, where what was deleted still stands.
      if (!rows.emptyLog()) return 'failed';
      stored.remove(registryId);
      unstored.delete(registryId);
      return 'more';
    },
  };
}
