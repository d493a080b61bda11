import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock, Logger } from '../../ports.ts';
import { checkIntegrity, openMendable } from '../mendable-file.ts';
import { migrate } from '../migrations.ts';
import { isLocked, messageOf } from '../sqlite-error.ts';
import { createBatch } from './batch.ts';
import { journalReads, journalWrites } from './journal-rows.ts';
import { JOURNAL_MIGRATIONS } from './journal-schema.ts';
import type { TransferJournal } from './journal-types.ts';

export type JournalOptions = {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Something that was to be written soon could not be: the disk is full, or gone. */
  readonly onFailure: (error: unknown) => void;
};

export type OpenedJournal = {
  readonly journal: TransferJournal;
  /** Full path of a damaged journal that was found at this start and kept; what is here began empty. */
  readonly movedAside?: string;
  /** Another Gantry on the same data folder has the journal: what is started here does not survive the process. */
  readonly isShared: boolean;
};

/**
 * Opens `transfers.db` in the data folder for this process alone, so that no two processes go on with one transfer. While
 * another has it the journal is in memory only.
 * @throws {DiskError}
 */
export function openJournal(options: JournalOptions): OpenedJournal {
  const path = join(options.dataDir, 'transfers.db');
  try {
    const { db, movedTo } = openMendable(path, openAt, options);
    const moved = movedTo === undefined ? {} : { movedAside: movedTo };
    return { journal: createJournal(db, options), isShared: false, ...moved };
  } catch (error) {
    if (!(error instanceof Error) || !isLocked(error.cause)) throw error;
    options.logger.log('warn', 'transfers.journal-in-use', { reason: messageOf(error) });
    return { journal: createJournal(openAt(':memory:'), options), isShared: true };
  }
}

function openAt(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 200 });
  try {
    // Before the first read, which then takes the lock for good: the system gives it back when the process dies.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    // What is announced is on the disk, not only on its way there: `batch` syncs it.
    db.exec('PRAGMA synchronous = NORMAL');
    // The address of an upload may let anybody go on with it: it does not stay in the free pages of the file.
    db.exec('PRAGMA secure_delete = ON');
    checkIntegrity(db);
    migrate(db, JOURNAL_MIGRATIONS);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function createJournal(db: DatabaseSync, { onFailure }: JournalOptions): TransferJournal {
  const batch = createBatch(db, onFailure);
  const reads = journalReads(db);
  const flushed = <Args extends readonly unknown[], Result>(read: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      batch.settle();
      return read(...args);
    };
  };
  return {
    ...journalWrites(db, batch),
    flush: batch.flush,
    jobs: flushed(reads.jobs),
    rows: flushed(reads.rows),
    blobs: flushed(reads.blobs),
    log: flushed(reads.log),
    session: flushed(reads.session),
    // Never changed after `addJob` but by writes that are durable at once, or let go of by a job that is done.
    recipe: reads.recipe,
    manifest: reads.manifest,
    close: () => {
      batch.stop();
      if (!db.isOpen) return;
      try {
        batch.flush();
      } finally {
        db.close();
      }
    },
  };
}
