import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock, Logger } from '../ports.ts';
import { checkIntegrity, type OpenedDatabase, openMendable } from './mendable-file.ts';
import { migrate } from './migrations.ts';

type OpenOptions = { readonly dataDir: string; readonly logger: Logger; readonly clock: Clock };

/**
 * Opens `gantry.db` (mode 0600, WAL, foreign keys), migrated to the newest version. A corrupt file is moved aside.
 * @throws {DiskError} when the file cannot be opened, or was made by a newer Gantry.
 */
export function openDatabase({ dataDir, logger, clock }: OpenOptions): OpenedDatabase {
  return openMendable(join(dataDir, 'gantry.db'), openAt, { logger, clock });
}

function openAt(path: string): DatabaseSync {
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
