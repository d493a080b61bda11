import { z } from 'zod';
import { GantryError } from '../gantry-error.ts';

// Result codes: https://www.sqlite.org/rescode.html. `errcode` may be an extended code; its low byte is the primary one.
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
const SQLITE_CONSTRAINT = 19;

const sqliteErrorSchema = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.number(), message: z.string() });

/** The integrity check found damage in a file that SQLite can still open. */
export class CorruptDatabaseError extends GantryError {
  override readonly name = 'CorruptDatabaseError';
  readonly kind = 'disk';
}

/** The file's content is damaged or not a database at all: waiting or permissions will not mend it. */
export function isCorruption(error: unknown): boolean {
  if (error instanceof CorruptDatabaseError) return true;
  const code = primaryCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Another process has the file. */
export function isLocked(error: unknown): boolean {
  return primaryCode(error) === SQLITE_BUSY;
}

/** A unique, foreign-key or check rule refused the write. */
export function isConstraintViolation(error: unknown): boolean {
  return primaryCode(error) === SQLITE_CONSTRAINT;
}

/** SQLite's words for a failure of the file (`database or disk is full`); undefined for any other error. */
export function describeSqliteError(error: unknown): string | undefined {
  const parsed = sqliteErrorSchema.safeParse(error);
  return parsed.success ? parsed.data.message : undefined;
}

/** An error's own words, for the log and for `DiskError.reason`. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function primaryCode(error: unknown): number | undefined {
  const parsed = sqliteErrorSchema.safeParse(error);
  return parsed.success ? parsed.data.errcode % 256 : undefined;
}
