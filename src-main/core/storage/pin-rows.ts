import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const pinSchema = z
  .object({ registry_id: z.string(), repository: z.string() })
  .transform((row) => ({ registryId: row.registry_id, repository: row.repository }));

/** A repository a person keeps at hand. */
export type Pin = Readonly<z.output<typeof pinSchema>>;

export type PinRows = {
  /** Over all registries, in the order pinned. */
  list(): readonly Pin[];
  /** True when it was not pinned before. The registry must exist. */
  add(pin: Pin): boolean;
  /** True when it was pinned. */
  remove(pin: Pin): boolean;
};

/** The `pins` table. */
export function pinRows(db: DatabaseSync): PinRows {
  return {
    list: () =>
      db
        .prepare('SELECT registry_id, repository FROM pins ORDER BY position, rowid')
        .all()
        .map((row) => pinSchema.parse(row)),
    add: ({ registryId, repository }) =>
      db
        .prepare(
          `INSERT INTO pins (registry_id, repository, position)
           VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM pins))
           ON CONFLICT (registry_id, repository) DO NOTHING`,
        )
        .run(registryId, repository).changes > 0,
    remove: ({ registryId, repository }) =>
      db.prepare('DELETE FROM pins WHERE registry_id = ? AND repository = ?').run(registryId, repository).changes > 0,
  };
}
