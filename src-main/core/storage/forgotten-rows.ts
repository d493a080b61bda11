import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const rowSchema = z.object({ registry_id: z.string() });

/** The registries of which nothing that was seen may be shown, since it is still to be deleted. */
export type ForgottenRows = {
  list(): readonly string[];
  has(registryId: string): boolean;
  /** False when it is there already. */
  add(registryId: string): boolean;
  /** Nothing happens when it is not there. */
  remove(registryId: string): void;
};

/**
 * The `forgotten_registries` table. It is not in the cache's own file, which cannot be written just when this is needed;
 * and it is read at each question, so that it holds for every process on the folder.
 */
export function forgottenRows(db: DatabaseSync): ForgottenRows {
  const find = db.prepare('SELECT registry_id FROM forgotten_registries WHERE registry_id = ?');
  const all = db.prepare('SELECT registry_id FROM forgotten_registries ORDER BY rowid');
  const insert = db.prepare('INSERT INTO forgotten_registries (registry_id) VALUES (?) ON CONFLICT DO NOTHING');
  const remove = db.prepare('DELETE FROM forgotten_registries WHERE registry_id = ?');
  return {
    list: () => all.all().map((row) => rowSchema.parse(row).registry_id),
    has: (registryId) => find.get(registryId) !== undefined,
    add: (registryId) => insert.run(registryId).changes > 0,
    remove: (registryId) => void remove.run(registryId),
  };
}
