import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { mayBeKept } from '../../registry/remote/cursor.ts';

/**
 * Cursors of pages that lie on a disk. A registry puts into them what it likes, signatures too: one that may hold such a
 * thing is kept as a name for the page it leads to, and as itself in memory alone.
 */
export type KeptCursors = {
  /** What may be written in its place. */
  toKeep(cursor: string): string;
  /** The registry's own cursor; undefined for a name of which nobody knows it any more. */
  toAsk(cursor: string): string | undefined;
  /** Names the page that a cursor, or the name of one, leads to. */
  keyOf(cursor: string | undefined): string;
};

const NAME = /^kept:([0-9a-f]{64})$/;
const MAX_KNOWN = 1000;

/** The cursors of one client, for as long as it lives. */
export function createKeptCursors(): KeptCursors {
  const known = new LRUCache<string, string>({ max: MAX_KNOWN });
  return {
    toKeep: (cursor) => {
      if (mayBeKept(cursor)) return cursor;
      const name = `kept:${hash(cursor)}`;
      known.set(name, cursor);
      return name;
    },
    toAsk: (cursor) => (NAME.test(cursor) ? known.get(cursor) : cursor),
    keyOf: (cursor) => (cursor === undefined ? 'first' : (NAME.exec(cursor)?.[1] ?? hash(cursor))),
  };
}

function hash(cursor: string): string {
  return createHash('sha256').update(cursor).digest('hex');
}
