import type { DatabaseSync } from 'node:sqlite';

/** So long may a write wait for others to go with it. */
const SOON_MS = 50;

/**
 * Writes that go together, each as one function. What goes `soon` survives the end of this process as soon as it is
 * written, and that of the machine with the next write that goes `now`: no copy waits for the disk each time a blob has
 * come, and a note that is lost costs a look at the destination.
 */
export type Batch = {
  /** In the next transaction; in the order they came. */
  soon(write: () => void): void;
  /** Now, with everything that waits, in one transaction that is on the disk when this returns. */
  now(write: () => void): void;
  /** Now as well, and there after the end of this process; it waits for no disk. */
  atOnce(write: () => void): void;
  /** Everything that waits. */
  readonly flush: () => void;
  /** The same for who is about to read: a failure is told, and what was written before can be read all the same. */
  readonly settle: () => void;
  /** Nothing is written any more by itself. */
  stop(): void;
};

/** Of a database that does not sync by itself. A batch that cannot be written is told once and let go of: its writers are told to look again. */
export function createBatch(db: DatabaseSync, onFailure: (error: unknown) => void): Batch {
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isSynced = false;

  /** Spec: SQLite, "PRAGMA synchronous": in WAL mode FULL syncs after each transaction, NORMAL leaves that to a later one. */
  const sync = (isWanted: boolean): void => {
    if (isWanted === isSynced) return;
    db.exec(`PRAGMA synchronous = ${isWanted ? 'FULL' : 'NORMAL'}`);
    isSynced = isWanted;
  };

  const write = (last: readonly (() => void)[], isToBeSynced = false): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = [...waiting, ...last];
    waiting = [];
    if (all.length === 0) return;
    sync(isToBeSynced);
    inTransaction(db, () => all.forEach((each) => each()));
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
    now: (each) => write([each], true),
    atOnce: (each) => write([each]),
    flush: () => write([]),
    settle: writeSoon,
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
