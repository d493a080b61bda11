import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { CorruptDatabaseError } from '../sqlite-error.ts';

/** Raised with every change of the tables: a cache of another version is thrown away, never migrated. */
const VERSION = 2;
/** A click must not wait long for another Gantry that is writing. */
const BUSY_MS = 200;
const COMPANIONS = ['', '-wal', '-shm'] as const;

const SCHEMA = `
  CREATE TABLE entries (
    registry_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    note TEXT NOT NULL,
    size INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (registry_id, identity, kind, key)
  ) STRICT;
  CREATE INDEX entries_by_use ON entries (used_at, size);
  PRAGMA user_version = ${VERSION};
`;

const versionRow = z.object({ user_version: z.number() });

/**
 * Opens the cache's own database (mode 0600, WAL). Losing it costs nothing, so a file of another version counts as
 * damaged. @throws what SQLite or the file system throws; {CorruptDatabaseError}
 */
export function openCacheFile(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Deletes the file with what belongs to it. @throws what the file system throws */
export function removeCacheFile(path: string): void {
  for (const companion of COMPANIONS) rmSync(path + companion, { force: true });
}

function prepare(db: DatabaseSync): void {
  db.exec('PRAGMA synchronous = NORMAL');
  // What a person signs out of shall not lie in the free pages of the file.
  db.exec('PRAGMA secure_delete = ON');
  // Another Gantry may be writing, which is no reason to do without what both have.
  if (versionOf(db) === VERSION) return;
  // Before the first table: a file that has given up half of its entries shall shrink.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(db);
    if (version === 0) db.exec(SCHEMA);
    else if (version !== VERSION) throw new CorruptDatabaseError(`the cache is of version ${version}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  return versionRow.parse(db.prepare('PRAGMA user_version').get()).user_version;
}
