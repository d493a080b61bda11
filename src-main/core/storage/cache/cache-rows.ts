import type { DatabaseSync } from 'node:sqlite';
import { type EntryRows, entryRows } from './entry-rows.ts';
import { type SweepRows, sweepRows } from './sweep-rows.ts';

/** All that is done with the cache's file; every function throws what SQLite throws. */
export type CacheRows = EntryRows & SweepRows;

/** The `entries` table. */
export function cacheRows(db: DatabaseSync): CacheRows {
  return { ...entryRows(db), ...sweepRows(db) };
}
