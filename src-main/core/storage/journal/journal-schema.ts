import type { Migration } from '../migrations.ts';

/** Of `transfers.db`. Only ever appended to, as everywhere. */
export const JOURNAL_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE jobs (
        job_id TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        state TEXT NOT NULL,
        facts TEXT NOT NULL,
        error TEXT,
        counts TEXT,
        created_at INTEGER NOT NULL,
        finished_at INTEGER
      ) STRICT;
      CREATE TABLE job_rows (
        job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        row_id TEXT NOT NULL,
        source TEXT NOT NULL,
        destination TEXT NOT NULL,
        state TEXT NOT NULL,
        result_digest TEXT,
        existing_digest TEXT,
        error TEXT,
        recipe TEXT,
        PRIMARY KEY (job_id, ordinal)
      ) STRICT;
      CREATE TABLE job_manifests (
        job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        media_type TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (job_id, digest)
      ) STRICT;
      CREATE TABLE job_blobs (
        job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
        place TEXT NOT NULL,
        digest TEXT NOT NULL,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        role TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (job_id, place, digest)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE job_log (
        job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE INDEX job_log_by_job ON job_log (job_id);
      CREATE TABLE sessions (
        place TEXT NOT NULL,
        digest TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (place, digest)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  { version: 2, sql: 'ALTER TABLE job_rows ADD COLUMN source_moved_to TEXT' },
];
