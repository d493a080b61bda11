import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Logger } from '../ports.ts';

const rowSchema = z.object({ value: z.string() });

export type SettingRows = {
  /** The stored value when there is one that the schema takes, else `fallback`. A value it refuses is logged. */
  read<T>(key: string, schema: z.ZodType<T>, fallback: T): T;
  /** All or none. Values must be JSON. */
  write(values: Readonly<Record<string, unknown>>): void;
};

/** The `settings` table: key and JSON value. What a key means is known to its reader only. */
export function settingRows(db: DatabaseSync, logger: Logger): SettingRows {
  return {
    read(key, schema, fallback) {
      const row = db.prepare('SELECT value FROM settings WHERE key = ?').get(key);
      if (row === undefined) return fallback;
      const parsed = schema.safeParse(parseJson(rowSchema.parse(row).value));
      if (parsed.success) return parsed.data;
      logger.log('warn', 'storage.setting-ignored', { key });
      return fallback;
    },
    write(values) {
      const statement = db.prepare(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      );
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const [key, value] of Object.entries(values)) statement.run(key, JSON.stringify(value));
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

/** `undefined` for text that is no JSON: no schema of ours takes it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
