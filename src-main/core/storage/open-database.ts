import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DiskError } from '../gantry-error.ts';
import type { Clock, Logger } from '../ports.ts';
import { migrate } from './migrations.ts';
import { CorruptDatabaseError, isCorruption, messageOf } from './sqlite-error.ts';

type OpenOptions = { readonly dataDir: string; readonly logger: Logger; readonly clock: Clock };

/** Beside the file itself: the write-ahead log and its index, which belong to it and must move with it. */
const COMPANIONS = ['', '-wal', '-shm'] as const;

/** An open database, and where a damaged one that stood in its place has gone (its full path). */
export type OpenedDatabase = { readonly db: DatabaseSync; readonly movedTo?: string };

/**
 * Opens `gantry.db` (mode 0600, WAL, foreign keys), migrated to the newest version. A corrupt file is moved aside.
 * @throws {DiskError} when the file cannot be opened, or was made by a newer Gantry.
 */
export function openDatabase({ dataDir, logger, clock }: OpenOptions): OpenedDatabase {
  const path = join(dataDir, 'gantry.db');
  try {
    return { db: openAt(path) };
  } catch (error) {
    if (!isCorruption(error)) throw asDiskError(error);
    return { movedTo: moveAside(path, { logger, clock, reason: messageOf(error) }), db: reopen(path) };
  }
}

function reopen(path: string): DatabaseSync {
  try {
    return openAt(path);
  } catch (error) {
    throw asDiskError(error);
  }
}

function openAt(path: string): DatabaseSync {
  // SQLite gives its -wal and -shm files the mode of the database, so making that first is enough for all three.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 });
  try {
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    checkIntegrity(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Walks every page: a damaged table is found now, not in the middle of a click. The file is a few kilobytes. */
function checkIntegrity(db: DatabaseSync): void {
  const verdict = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (verdict !== 'ok') throw new CorruptDatabaseError(String(verdict));
}

function moveAside(path: string, { logger, clock, reason }: Omit<OpenOptions, 'dataDir'> & { reason: string }): string {
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
