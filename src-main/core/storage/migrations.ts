import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { DiskError } from '../gantry-error.ts';

/** One step from a version of the tables to the next. */
export type Migration = { readonly version: number; readonly sql: string };

/** Only ever appended to: a released migration is never edited, because it has already run somewhere. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE registries (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('local', 'remote')),
        host TEXT NOT NULL,
        label TEXT,
        plain_http INTEGER NOT NULL DEFAULT 0,
        skip_verification INTEGER NOT NULL DEFAULT 0,
        auth_kind TEXT NOT NULL CHECK (auth_kind IN ('anonymous', 'password', 'bearer')),
        username TEXT,
        account TEXT,
        position INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX registries_identity ON registries (host, auth_kind, coalesce(username, ''));
      INSERT INTO registries (id, kind, host, auth_kind, position) VALUES ('local', 'local', '', 'anonymous', 0);
      CREATE TABLE pins (
        registry_id TEXT NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
        repository TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (registry_id, repository)
      ) STRICT;
      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    `,
  },
  {
    // SQLite cannot change a CHECK, so the table is written anew; pins refer to it and are kept aside meanwhile.
    version: 2,
    sql: `
      CREATE TABLE pins_kept AS SELECT * FROM pins;
      DROP TABLE pins;
      CREATE TABLE registries_new (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('local', 'remote')),
        host TEXT NOT NULL,
        label TEXT,
        plain_http INTEGER NOT NULL DEFAULT 0,
        skip_verification INTEGER NOT NULL DEFAULT 0,
        auth_kind TEXT NOT NULL CHECK (auth_kind IN ('anonymous', 'password', 'bearer', 'identity', 'config')),
        username TEXT,
        account TEXT,
        reach TEXT NOT NULL DEFAULT '{}',
        position INTEGER NOT NULL
      ) STRICT;
      INSERT INTO registries_new (id, kind, host, label, plain_http, skip_verification, auth_kind, username, account, position)
        SELECT id, kind, host, label, plain_http, skip_verification, auth_kind, username, account, position FROM registries;
      DROP TABLE registries;
      ALTER TABLE registries_new RENAME TO registries;
      CREATE UNIQUE INDEX registries_identity ON registries
        (host, auth_kind, coalesce(username, ''), coalesce(json_extract(reach, '$.repositoryPrefix'), ''));
      CREATE TABLE pins (
        registry_id TEXT NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
        repository TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (registry_id, repository)
      ) STRICT;
      INSERT INTO pins SELECT * FROM pins_kept;
      DROP TABLE pins_kept;
    `,
  },
  {
    version: 3,
    sql: 'CREATE TABLE keychain_leftovers (account TEXT NOT NULL UNIQUE) STRICT;',
  },
  {
    // One host may hold registries below several paths. Tokens have no name, so that the label tells them apart.
    version: 4,
    sql: `
      DROP INDEX registries_identity;
      CREATE UNIQUE INDEX registries_identity ON registries (
        host, auth_kind, coalesce(username, ''),
        coalesce(json_extract(reach, '$.apiPrefix'), ''), coalesce(json_extract(reach, '$.repositoryPrefix'), ''),
        CASE WHEN auth_kind IN ('bearer', 'identity') THEN coalesce(label, '') ELSE '' END
      );
    `,
  },
  {
    version: 5,
    sql: 'CREATE TABLE forgotten_registries (registry_id TEXT NOT NULL UNIQUE) STRICT;',
  },
];

const versionRow = z.object({ version: z.number().nullable() });

/**
 * Brings the database to the newest version, each step in a transaction of its own.
 * @throws {DiskError} when the file was made by a newer Gantry; nothing is changed then.
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[] = MIGRATIONS): void {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT');
  const newest = Math.max(0, ...migrations.map((migration) => migration.version));
  if (currentVersion(db) > newest) throw new DiskError('the database was made by a newer version of Gantry');
  for (const migration of migrations) applyOnce(db, migration);
}

/** The version the database is at; 0 for a new one. */
export function currentVersion(db: DatabaseSync): number {
  return versionRow.parse(db.prepare('SELECT max(version) AS version FROM migrations').get()).version ?? 0;
}

/** The version is read again inside the transaction: another process may be migrating the same file. */
function applyOnce(db: DatabaseSync, migration: Migration): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    if (currentVersion(db) < migration.version) {
      db.exec(migration.sql);
      db.prepare('INSERT INTO migrations (version, applied_at) VALUES (?, ?)').run(
        migration.version,
        new Date().toISOString(),
      );
    }
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
