/** The newest of what was added, bounded by number and by bytes in memory. */
export type LogRing<Entry> = {
  /** Drops the oldest that are over; the newest always stays. */
  add(id: number, entry: Entry): void;
  /** Those with a greater id, oldest first, in lists that one message can hold. */
  batchesAfter(id: number): readonly (readonly Entry[])[];
  /** Forgets all; says how many there were. */
  clear(): number;
};

export type RingBounds = {
  readonly entries: number;
  readonly bytes: number;
  /** Of one list handed over. */
  readonly batchEntries: number;
  readonly batchBytes: number;
};

type Held<Entry> = { readonly entry: Entry; readonly bytes: number };

/** What an entry costs beside its texts: objects, numbers, its place in the ring. An estimate. */
const ENTRY_BYTES = 500;
/** Of a text, since V8 may keep two bytes a character; and of the list or object that holds it. */
const TEXT_BYTES = 40;

/** A ring by rising ids; `entry` is plain data, whose texts are counted. */
export function createLogRing<Entry extends object>(bounds: RingBounds): LogRing<Entry> {
  // A map keeps the order of insertion, and gives up its first without moving the rest.
  const held = new Map<number, Held<Entry>>();
  let bytes = 0;

  const dropOver = (): void => {
    for (const [id, oldest] of held) {
      const isOver = held.size > bounds.entries || bytes > bounds.bytes;
      if (!isOver || held.size === 1) return;
      held.delete(id);
      bytes -= oldest.bytes;
    }
  };

  return {
    add: (id, entry) => {
      const size = ENTRY_BYTES + textBytes(entry);
      held.set(id, { entry, bytes: size });
      bytes += size;
      dropOver();
    },
    batchesAfter: (id) => {
      const fresh = [...held].filter(([each]) => each > id).map(([, each]) => each);
      return inBatches(fresh, bounds);
    },
    clear: () => {
      const { size } = held;
      held.clear();
      bytes = 0;
      return size;
    },
  };
}

function inBatches<Entry>(held: readonly Held<Entry>[], { batchEntries, batchBytes }: RingBounds): Entry[][] {
  const batches: Entry[][] = [];
  let batch: Entry[] = [];
  let bytes = 0;
  for (const each of held) {
    if (batch.length > 0 && (batch.length >= batchEntries || bytes + each.bytes > batchBytes)) {
      batches.push(batch);
      [batch, bytes] = [[], 0];
    }
    batch.push(each.entry);
    bytes += each.bytes;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}

/** Of all texts in plain data, however deep. */
function textBytes(value: unknown): number {
  if (typeof value === 'string') return TEXT_BYTES + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + textBytes(each), 0);
}
