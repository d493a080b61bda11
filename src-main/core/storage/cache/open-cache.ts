import { join } from 'node:path';
import type { Clock, Logger } from '../../ports.ts';
import type { ForgottenRows } from '../forgotten-rows.ts';
import type { CacheRows } from './cache-rows.ts';
import { type CacheEntry, type CacheOwner, entryBytes } from './entry-rows.ts';
import { createForgotten } from './forgotten.ts';
import { openReplaceable } from './replaceable-file.ts';
import { createRoom } from './room.ts';
import { createSweeper } from './sweeper.ts';

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
  /** What anybody saw of a registry, to drop of it what is not so any more. */
  everybodys(registryId: string): Pick<CacheShelf, 'drop' | 'dropStarting'>;
  /**
   * From now on nothing that was seen of a registry is shown, nor kept, until it has been forgotten; also after a
   * restart. What it gives takes that back, unless it was to be forgotten before. @throws what SQLite throws
   */
  hide(registryId: string): () => void;
  /** Hides and deletes, bit by bit, all that was seen of a registry, by anyone. */
  forget(registryId: string): void;
  /** Forgets what was seen of registries that are not among these any more. */
  forgetOthers(registryIds: readonly string[]): void;
  /** What is over goes, bit by bit, the least recently used first. 0 keeps nothing. */
  setLimit(bytes: number): void;
  /** Resolves when everything is deleted that has to go. */
  settled(): Promise<void>;
  /** Deletes for a moment longer what has to go; the rest is deleted after the next start. */
  close(): void;
};

type Options = {
  readonly dataDir: string;
  readonly limitBytes: number;
  /** Where it stands what is still to be forgotten. */
  readonly forgotten: ForgottenRows;
  readonly logger: Logger;
  readonly clock: Clock;
};

/** Being read is noted once a minute: a write for every read would cost more than it tells. */
const USE_STEP_MS = 60_000;
/** Nobody waits for a window that closes; more than that is done at the next start. */
const CLOSE_MS = 2000;

/**
 * What was seen of registries, kept in `cache.db` of the data folder within a limit in bytes. A damaged file is deleted
 * and begun anew; without a file that works nothing is kept. Both are told in the log only: nothing of value is lost.
 */
export function openCache(options: Options): Cache {
  const { clock, logger } = options;
  const file = openReplaceable(join(options.dataDir, 'cache.db'), logger);
  const forgotten = createForgotten(options.forgotten, logger);
  const room = createRoom(options.limitBytes, file.attempt((rows) => rows.totalBytes()) ?? 0);
  const sweeper = createSweeper(() => {
    if (!file.isOpen) return 'done';
    return file.attempt((rows) => forgotten.step(rows) ?? room.step(rows)) ?? 'failed';
  }, clock);
  const forget = (registryId: string): void => {
    forgotten.add(registryId);
    sweeper.wake();
  };
  sweeper.wake();

  return {
    shelf: (owner) => {
      const within = <T>(work: (rows: CacheRows) => T): T | undefined =>
        room.limitBytes === 0 || forgotten.has(owner.registryId) ? undefined : file.attempt(work);
      return {
        get: (kind, key) => {
          const found = within((rows) => rows.find({ ...owner, kind, key }));
          if (found === undefined) return undefined;
          const { usedAt, ...entry } = found;
          // By itself: what can be read is shown, also while another process writes.
          if (clock.now() - usedAt >= USE_STEP_MS) within((rows) => rows.touch({ ...owner, kind, key }, clock.now()));
          return entry;
        },
        put: (kind, key, value, note = '') => {
          if (entryBytes(value) > room.limitBytes) return;
          within((rows) => {
            rows.write({ ...owner, kind, key }, { value, note, seenAt: clock.now() });
            if (room.add(entryBytes(value))) sweeper.wake();
          });
        },
        drop: (kind, key) => within((rows) => rows.delete({ ...owner, kind, key })),
        dropStarting: (kind, prefix) => within((rows) => rows.deleteStarting({ ...owner, kind, key: prefix })),
      };
    },
    everybodys: (registryId) => dropForAll(registryId, (work) => file.attempt(work)),
    hide: (registryId) => {
      const isNew = options.forgotten.add(registryId);
      return () => {
        if (isNew) options.forgotten.remove(registryId);
      };
    },
    forget,
    forgetOthers: (registryIds) => {
      const kept = file.attempt((rows) => rows.registryIds()) ?? [];
      for (const each of kept) if (!registryIds.includes(each)) forget(each);
    },
    setLimit: (bytes) => {
      room.limitBytes = bytes;
      sweeper.wake();
    },
    settled: () => sweeper.settled(),
    close: () => {
      sweeper.finish(CLOSE_MS);
      file.close();
    },
  };
}

function dropForAll(
  registryId: string,
  attempt: (work: (rows: CacheRows) => void) => void,
): Pick<CacheShelf, 'drop' | 'dropStarting'> {
  const forEach = (work: (rows: CacheRows, owner: CacheOwner) => void): void => {
    attempt((rows) => {
      for (const identity of rows.identities(registryId)) work(rows, { registryId, identity });
    });
  };
  return {
    drop: (kind, key) => forEach((rows, owner) => rows.delete({ ...owner, kind, key })),
    dropStarting: (kind, prefix) => forEach((rows, owner) => rows.deleteStarting({ ...owner, kind, key: prefix })),
  };
}
