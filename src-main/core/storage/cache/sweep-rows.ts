import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** What makes room in the cache's file, a bit at a time; every function throws what SQLite throws. */
export type SweepRows = {
  /** Every registry of which something is kept. */
  registryIds(): readonly string[];
  totalBytes(): number;
  /** Deletes some of a registry's entries; false when there are none. */
  deleteSome(registryId: string): boolean;
  /** Deletes some of the least recently used, no more than are needed for `bytes` to go; says how many bytes went. */
  evictSome(bytes: number): number;
  /** Gives some of the disk back that deleted entries took; false when there is nothing to give back. */
  shrinkSome(): boolean;
  /** Empties the log of earlier writes, which may still hold what was deleted; false while another process reads it. */
  emptyLog(): boolean;
};

/**
 * As much as is deleted at once. Deleting overwrites (`secure_delete`), and some 30 ms are as long as nothing else may
 * happen meanwhile. An entry may be larger, and then goes alone.
 */
const SLICE_BYTES = 1024 * 1024;
const SLICE_ROWS = 200;
const SLICE_PAGES = 512;

const totalRow = z.object({ total: z.number().nullable() });
const sizedRow = z.object({ id: z.number(), size: z.number() });
const idRow = z.object({ registry_id: z.string() });
const freeRow = z.object({ freelist_count: z.number() });
const checkpointRow = z.object({ busy: z.number() });

/** The `entries` table, as a heap that has to shrink. */
export function sweepRows(db: DatabaseSync): SweepRows {
  const total = db.prepare('SELECT sum(size) AS total FROM entries');
  const nextRegistry = db.prepare('SELECT registry_id FROM entries WHERE registry_id > ? ORDER BY registry_id LIMIT 1');
  const some = db.prepare(`SELECT rowid AS id, size FROM entries WHERE registry_id = ? LIMIT ${SLICE_ROWS}`);
  const oldest = db.prepare(`SELECT rowid AS id, size FROM entries ORDER BY used_at, rowid LIMIT ${SLICE_ROWS}`);
  const removeRow = db.prepare('DELETE FROM entries WHERE rowid = ?');
  const free = db.prepare('PRAGMA freelist_count');

  const freePages = (): number => freeRow.parse(free.get()).freelist_count;
  /** The first of these rows, until so many bytes are gone. */
  const removeSlice = (found: readonly unknown[], bytes: number): number => {
    let gone = 0;
    for (const { id, size } of found.map((row) => sizedRow.parse(row))) {
      if (gone >= Math.min(bytes, SLICE_BYTES)) break;
      removeRow.run(id);
      gone += size;
    }
    return gone;
  };
  return {
    registryIds: () => {
      const found: string[] = [];
      for (let row = nextRegistry.get(''); row !== undefined; row = nextRegistry.get(found.at(-1) ?? '')) {
        found.push(idRow.parse(row).registry_id);
      }
      return found;
    },
    totalBytes: () => totalRow.parse(total.get()).total ?? 0,
    deleteSome: (registryId) => inTransaction(db, () => removeSlice(some.all(registryId), Infinity)) > 0,
    evictSome: (bytes) => inTransaction(db, () => removeSlice(oldest.all(), bytes)),
    shrinkSome: () => {
      const before = freePages();
      if (before > 0) db.exec(`PRAGMA incremental_vacuum(${SLICE_PAGES})`);
      return freePages() < before;
    },
    emptyLog: () => checkpointRow.parse(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).busy === 0,
  };
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors have rolled back by themselves.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
