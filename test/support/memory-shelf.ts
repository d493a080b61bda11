import type { Shelf, ShelfEntry } from '#main/core/image/kept/shelf.ts';

/** A shelf in memory, whose entries a test can read, age and damage. */
export function memoryShelf(now: () => number = Date.now): Shelf & { readonly entries: Map<string, ShelfEntry> } {
  const entries = new Map<string, ShelfEntry>();
  return {
    entries,
    get: (kind, key) => entries.get(`${kind} ${key}`),
    put: (kind, key, value, note = '') => void entries.set(`${kind} ${key}`, { value, note, seenAt: now() }),
    drop: (kind, key) => void entries.delete(`${kind} ${key}`),
    dropStarting: (kind, prefix) => {
      for (const key of entries.keys()) if (key.startsWith(`${kind} ${prefix}`)) entries.delete(key);
    },
  };
}
