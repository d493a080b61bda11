/** How the holder of a lane fared, so that there can be more or fewer. */
export type LaneOutcome =
  | { readonly kind: 'sent'; readonly tookMs: number }
  /** Nothing was sent: it was there, or mounted, or stopped. */
  | { readonly kind: 'idle' };

export type Waiter = {
  readonly hosts: readonly string[];
  readonly sizeBytes: number;
  readonly enter: (leave: (outcome: LaneOutcome) => void) => void;
};

/** Those who wait for the same hosts: small ones in order of arrival, large ones by size. */
export type SizeQueue = {
  add(waiter: Waiter): void;
  /** Who is next of a kind. */
  peek(size: 'small' | 'large'): Waiter | undefined;
  remove(waiter: Waiter): void;
  readonly length: number;
  /** How many of them wait for this host. */
  count(host: string): number;
};

export function createSizeQueue(smallBytes: number): SizeQueue {
  const small = new Set<Waiter>();
  /** Largest last; equal ones in the order they came, the first last. */
  const large: Waiter[] = [];
  return {
    add: (waiter) => {
      if (waiter.sizeBytes <= smallBytes) small.add(waiter);
      else large.splice(placeFor(large, waiter.sizeBytes), 0, waiter);
    },
    peek: (size) => (size === 'large' ? large.at(-1) : small.values().next().value),
    remove: (waiter) => {
      if (small.delete(waiter)) return;
      const index = large.lastIndexOf(waiter);
      if (index !== -1) large.splice(index, 1);
    },
    get length() {
      return small.size + large.length;
    },
    count: (host) => [...small, ...large].filter(({ hosts }) => hosts.includes(host)).length,
  };
}

/** The first place of what is at least as large. */
function placeFor(sorted: readonly Waiter[], sizeBytes: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.sizeBytes ?? 0) < sizeBytes) low = middle + 1;
    else high = middle;
  }
  return low;
}
