import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { DiskError } from '../gantry-error.ts';
import type { Clock, Logger } from '../ports.ts';
import { CorruptDatabaseError, isCorruption, messageOf } from './sqlite-error.ts';

/** Beside the file itself: the write-ahead log and its index, which belong to it and must move with it. */
const COMPANIONS = ['', '-wal', '-shm'] as const;

/** An open database, and where a damaged one that stood in its place has gone (its full path). */
export type OpenedDatabase = { readonly db: DatabaseSync; readonly movedTo?: string };

/**
 * Opens a database file (mode 0600) by `openAt`; one that is damaged is moved aside, kept, and begun anew.
 * @throws {DiskError} when the file cannot be opened
 */
export function openMendable(
  path: string,
  openAt: (path: string) => DatabaseSync,
  told: { readonly logger: Logger; readonly clock: Clock },
): OpenedDatabase {
  const open = (): DatabaseSync => {
    // SQLite gives its -wal and -shm files the mode of the database, so making that first is enough for all three.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    return openAt(path);
  };
  try {
    return { db: open() };
  } catch (error) {
    if (!isCorruption(error)) throw asDiskError(error);
    const movedTo = moveAside(path, { ...told, reason: messageOf(error) });
    try {
      return { movedTo, db: open() };
    } catch (cause) {
      throw asDiskError(cause);
    }
  }
}

/** Walks every page: a damaged table is found now, not in the middle of a click. @throws {CorruptDatabaseError} */
export function checkIntegrity(db: DatabaseSync): void {
  const verdict = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (verdict !== 'ok') throw new CorruptDatabaseError(String(verdict));
}

function moveAside(
  path: string,
  { logger, clock, reason }: { readonly logger: Logger; readonly clock: Clock; readonly reason: string },
): string {
  const aside = unusedName(`${path}.corrupt-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`);
  try {
    for (const companion of COMPANIONS) {
      if (existsSync(path + companion)) renameSync(path + companion, aside + companion);
    }
  } catch (error) {
    throw asDiskError(error);
  }
  logger.log('warn', 'storage.corrupt-database-moved-aside', { movedTo: aside, reason });
  return aside;
}

function unusedName(wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(name); count += 1) name = `${wanted}-${count}`;
  return name;
}

function asDiskError(error: unknown): DiskError {
  if (error instanceof DiskError) return error;
  return new DiskError(`the database cannot be opened: ${messageOf(error)}`, { cause: error });
}
