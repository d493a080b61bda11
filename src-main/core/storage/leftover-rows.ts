import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const rowSchema = z.object({ account: z.string() });

export type LeftoverRows = {
  list(): readonly string[];
  /** Nothing happens when it is there already. */
  add(account: string): void;
  /** Nothing happens when it is not there. */
  remove(account: string): void;
};

/**
 * The `keychain_leftovers` table: account names whose entry in the keychain has to go, since the registry was changed or
 * removed while the keychain was out of reach.
 */
export function leftoverRows(db: DatabaseSync): LeftoverRows {
  return {
    list: () =>
      db
        .prepare('SELECT account FROM keychain_leftovers ORDER BY rowid')
        .all()
        .map((row) => rowSchema.parse(row).account),
    add: (account) =>
      void db.prepare('INSERT INTO keychain_leftovers (account) VALUES (?) ON CONFLICT DO NOTHING').run(account),
    remove: (account) => void db.prepare('DELETE FROM keychain_leftovers WHERE account = ?').run(account),
  };
}
