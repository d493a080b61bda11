import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Logger } from '../../ports.ts';
import { isCorruption, messageOf } from '../sqlite-error.ts';
import { openCacheFile, removeCacheFile } from './cache-file.ts';
import { type CacheEntry, type CacheOwner, type CacheRows, cacheRows, entryBytes } from './cache-rows.ts';

/** What one person saw of one registry. Nothing here ever throws: a cache that fails is a cache that has nothing. */
export type CacheShelf = {
  get(kind: string, key: string): CacheEntry | undefined;
  /** Seen now; in place of what was kept under the same kind and key. */
  put(kind: string, key: string, value: Uint8Array, note?: string): void;
  drop(kind: string, key: string): void;
  /** All of a kind whose key begins so. */
  dropStarting(kind: string, prefix: string): void;
};

export type Cache = {
  shelf(owner: CacheOwner): CacheShelf;
  /** Deletes all that was seen of a registry, by anyone; what cannot be deleted now is not shown, and is tried again. */
  forget(registryId: string): void;
  /** At once; what is over goes, the least recently used first. 0 keeps nothing. */
  setLimit(bytes: number): void;
  close(): void;
};

type Options = {
  readonly dataDir: string;
  readonly limitBytes: number;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'now'>;
};

/** After making room there is some for what comes next, so that not every write has to. */
const ROOM = 0.1;

type Opened = { readonly db: DatabaseSync; readonly rows: CacheRows };

/**
 * What was seen of registries, kept in `cache.db` of the data folder within a limit in bytes. A damaged file is deleted
 * and begun anew; without a file that works nothing is kept. Both are told in the log only: nothing of value is lost.
 */
export function openCache(options: Options): Cache {
  const { logger, clock, dataDir } = options;
  const path = join(dataDir, 'cache.db');
  let { limitBytes } = options;
  let opened = open(path, logger);
  let totalBytes = 0;

  /** Runs `work` on the open file; after a failure there is no answer, and after damage a new file. */
  const attempt = <T>(work: (rows: CacheRows) => T): T | undefined => {
    if (opened === undefined) return undefined;
    try {
      return work(opened.rows);
    } catch (error) {
      if (isCorruption(error)) opened = beginAnew(path, opened, error, logger);
      else logger.log('warn', 'cache.failed', { reason: messageOf(error) });
      return undefined;
    }
  };
  /** `totalBytes` only ever errs upwards, so that the sum is taken seldom. */
  const makeRoom = (rows: CacheRows): void => {
    if (totalBytes > limitBytes) totalBytes = rows.totalBytes();
    if (totalBytes <= limitBytes) return;
    rows.evict(totalBytes - Math.floor(limitBytes * (1 - ROOM)));
    totalBytes = rows.totalBytes();
  };
  const applyLimit = (): void => {
    attempt((rows) => {
      totalBytes = rows.totalBytes();
      if (limitBytes === 0) rows.deleteAll();
      else makeRoom(rows);
    });
  };
  applyLimit();

  const forgetting = createForgetting(attempt);
  return {
    shelf: (owner) => {
      const within: Attempt = (work) => forgetting.first(owner.registryId, work);
      return {
        get: (kind, key) => within((rows) => rows.find({ ...owner, kind, key }, clock.now())),
        put: (kind, key, value, note = '') => {
          if (entryBytes(value) > limitBytes) return;
          within((rows) => {
            rows.write({ ...owner, kind, key }, { value, note, seenAt: clock.now() });
            totalBytes += entryBytes(value);
            makeRoom(rows);
          });
        },
        drop: (kind, key) => within((rows) => rows.delete({ ...owner, kind, key })),
        dropStarting: (kind, prefix) => within((rows) => rows.deleteStarting({ ...owner, kind, key: prefix })),
      };
    },
    forget: forgetting.forget,
    setLimit: (bytes) => {
      limitBytes = bytes;
      applyLimit();
    },
    close: () => {
      forgetting.retry();
      closeDatabase(opened);
      opened = undefined;
    },
  };
}

type Attempt = <T>(work: (rows: CacheRows) => T) => T | undefined;

/** While the entries of a registry cannot be deleted, none of them is read, and the deletion is tried at each turn. */
function createForgetting(attempt: Attempt) {
  const pending = new Set<string>();
  const first = <T>(registryId: string, work: (rows: CacheRows) => T): T | undefined =>
    attempt((rows) => {
      if (pending.has(registryId)) rows.deleteRegistry(registryId);
      pending.delete(registryId);
      return work(rows);
    });
  const forget = (registryId: string): void => {
    pending.add(registryId);
    first(registryId, () => undefined);
  };
  return {
    forget,
    /** Runs `work` when nothing of the registry is still to be forgotten. */
    first,
    retry: (): void => [...pending].forEach(forget),
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
