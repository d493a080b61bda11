import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Whose entry: one registry, as one person. */
export type CacheOwner = { readonly registryId: string; readonly identity: string };

export type CacheKey = CacheOwner & { readonly kind: string; readonly key: string };

/** What was kept, and when it was last seen to be so (milliseconds). `note` is a few words beside the bytes. */
export type CacheEntry = { readonly value: Uint8Array; readonly note: string; readonly seenAt: number };

/** Single entries of the cache; every function throws what SQLite throws. */
export type EntryRows = {
  find(key: CacheKey): (CacheEntry & { readonly usedAt: number }) | undefined;
  /** It was read then. */
  touch(key: CacheKey, nowMs: number): void;
  write(key: CacheKey, entry: CacheEntry): void;
  delete(key: CacheKey): void;
  /** All of the kind whose key begins with `key`. */
  deleteStarting(key: CacheKey): void;
  /** Of whom anything is kept. */
  identities(registryId: string): readonly string[];
};

/** What a row costs beside its value: key, bookkeeping, index. An estimate, so that small entries are not free. */
const ROW_BYTES = 256;

const identityRow = z.object({ identity: z.string() });
const entryRow = z.object({
  value: z.instanceof(Uint8Array),
  note: z.string(),
  seen_at: z.number(),
  used_at: z.number(),
});

const WHERE_KEY = 'WHERE registry_id = ? AND identity = ? AND kind = ? AND key = ?';

/** The size that an entry counts with. */
export function entryBytes(value: Uint8Array): number {
  return value.length + ROW_BYTES;
}

/** The `entries` table, an entry at a time. */
export function entryRows(db: DatabaseSync): EntryRows {
  const select = db.prepare(`SELECT value, note, seen_at, used_at FROM entries ${WHERE_KEY}`);
  const touch = db.prepare(`UPDATE entries SET used_at = ? ${WHERE_KEY}`);
  const insert = db.prepare(
    `INSERT INTO entries (registry_id, identity, kind, key, value, note, size, seen_at, used_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (registry_id, identity, kind, key) DO UPDATE SET
       value = excluded.value, note = excluded.note, size = excluded.size,
       seen_at = excluded.seen_at, used_at = excluded.used_at`,
  );
  // From one to the next along the index: few have seen much.
  const nextIdentity = db.prepare(
    'SELECT identity FROM entries WHERE registry_id = ? AND identity > ? ORDER BY identity LIMIT 1',
  );
  const remove = db.prepare(`DELETE FROM entries ${WHERE_KEY}`);
  // By bytes, as the index is ordered; no text begins with a byte of 0xff.
  const removeStarting = db.prepare(
    `DELETE FROM entries
     WHERE registry_id = ? AND identity = ? AND kind = ? AND key >= ? AND key < CAST(? || x'ff' AS TEXT)`,
  );
  return {
    find: (key) => {
      const row = entryRow.optional().parse(select.get(...columns(key)));
      if (row === undefined) return undefined;
      return { value: row.value, note: row.note, seenAt: row.seen_at, usedAt: row.used_at };
    },
    touch: (key, nowMs) => {
      touch.run(nowMs, ...columns(key));
    },
    write: (key, { value, note, seenAt }) => {
      insert.run(...columns(key), value, note, entryBytes(value), seenAt, seenAt);
    },
    delete: (key) => {
      remove.run(...columns(key));
    },
    deleteStarting: (key) => {
      removeStarting.run(...columns(key), key.key);
    },
    identities: (registryId) => {
      const found: string[] = [];
      for (let row = nextIdentity.get(registryId, ''); row !== undefined;) {
        const { identity } = identityRow.parse(row);
        found.push(identity);
        row = nextIdentity.get(registryId, identity);
      }
      return found;
    },
  };
}

function columns({ registryId, identity, kind, key }: CacheKey) {
  return [registryId, identity, kind, key] as const;
}
