import type { z } from 'zod';
import type { Kept, Shelf } from './shelf.ts';

/** A value that is kept as JSON; what does not fit its schema any more counts as not kept. */
export type KeptJson<T> = {
  read(key: string): Kept<T> | undefined;
  write(key: string, value: T): void;
  drop(key: string): void;
  dropStarting(prefix: string): void;
};

/** Entries of one kind, each checked by `schema` when it is read back. */
export function keptJson<T>(shelf: Shelf, kind: string, schema: z.ZodType<T>): KeptJson<T> {
  return {
    read: (key) => {
      const entry = shelf.get(kind, key);
      if (entry === undefined) return undefined;
      const value = schema.safeParse(parsed(entry.value));
      if (value.success) return { value: value.data, seenAt: entry.seenAt };
      shelf.drop(kind, key);
      return undefined;
    },
    write: (key, value) => shelf.put(kind, key, Buffer.from(JSON.stringify(value))),
    drop: (key) => shelf.drop(kind, key),
    dropStarting: (prefix) => shelf.dropStarting(kind, prefix),
  };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
