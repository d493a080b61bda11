import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from '../../ports.ts';
import { isCorruption, messageOf } from '../sqlite-error.ts';
import { openCacheFile, removeCacheFile } from './cache-file.ts';
import { type CacheRows, cacheRows } from './cache-rows.ts';

/** A file that may be lost at any time: damaged, it is deleted and begun anew; unusable, it is done without. */
export type ReplaceableFile = {
  readonly isOpen: boolean;
  /** Runs `work` on the open file; undefined after a failure, which is told in the log. Never throws. */
  attempt<T>(work: (rows: CacheRows) => T): T | undefined;
  close(): void;
};

type Opened = { readonly db: DatabaseSync; readonly rows: CacheRows };

/** Opens the cache's file at `path`, or begins it. Never throws. */
export function openReplaceable(path: string, logger: Logger): ReplaceableFile {
  let opened = open(path, logger);
  return {
    get isOpen() {
      return opened !== undefined;
    },
    attempt: (work) => {
      if (opened === undefined) return undefined;
      try {
        return work(opened.rows);
      } catch (error) {
        if (isCorruption(error)) opened = beginAnew(path, opened, error, logger);
        else logger.log('warn', 'cache.failed', { reason: messageOf(error) });
        return undefined;
      }
    },
    close: () => {
      closeDatabase(opened);
      opened = undefined;
    },
  };
}

function open(path: string, logger: Logger): Opened | undefined {
  try {
    return openAt(path);
  } catch (error) {
    if (isCorruption(error)) return beginAnew(path, undefined, error, logger);
    logger.log('warn', 'cache.unavailable', { reason: messageOf(error) });
    return undefined;
  }
}

function beginAnew(path: string, damaged: Opened | undefined, error: unknown, logger: Logger): Opened | undefined {
  logger.log('warn', 'cache.begun-anew', { reason: messageOf(error) });
  try {
    closeDatabase(damaged);
    removeCacheFile(path);
    return openAt(path);
  } catch (cause) {
    logger.log('warn', 'cache.unavailable', { reason: messageOf(cause) });
    return undefined;
  }
}

function closeDatabase(opened: Opened | undefined): void {
  if (opened?.db.isOpen === true) opened.db.close();
}

function openAt(path: string): Opened {
  const db = openCacheFile(path);
  return { db, rows: cacheRows(db) };
}
