import type { DatabaseSync } from 'node:sqlite';

/** So long may a write wait for others to go with it: one sync of the disk then serves them all. */
const SOON_MS = 50;

/** Writes that go together, each as one function. */
export type Batch = {
  /** In the next transaction; in the order they came. */
  soon(write: () => void): void;
  /** Now, with everything that waits, in one transaction. */
  now(write: () => void): void;
  /** Everything that waits. */
  readonly flush: () => void;
  /** Nothing is written any more by itself. */
  stop(): void;
};

/** A batch that cannot be written is told once and let go of: its writers are told to look again. */
export function createBatch(db: DatabaseSync, onFailure: (error: unknown) => void): Batch {
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const write = (last: readonly (() => void)[]): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = [...waiting, ...last];
    waiting = [];
    if (all.length > 0) inTransaction(db, () => all.forEach((each) => each()));
  };
  const writeSoon = (): void => {
    try {
      write([]);
    } catch (error) {
      onFailure(error);
    }
  };

  return {
    soon: (each) => {
      waiting.push(each);
      timer ??= setTimeout(writeSoon, SOON_MS).unref();
    },
    now: (each) => write([each]),
    flush: () => write([]),
    stop: () => clearTimeout(timer),
  };
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
