/** How many at once, found out by trying: more while it helps, half as many when it hurts. */
export type AdaptiveLimit = {
  /** Whole lanes that may be held now. */
  readonly limit: number;
  /** One is done. `tookMs` is for `sizeBytes`; what took no time of the host's (nothing was sent) tells nothing. */
  succeeded(tookMs: number, sizeBytes: number): void;
  /** The host is busy, refuses or breaks off. */
  suffered(): void;
};

export type LimitBounds = { readonly start: number; readonly min: number; readonly max: number };

/** Slower than this many times the best pace seen, more lanes only wait for one another. */
const CROWDED = 3;
/** What a request costs beside its bytes, in the bytes it would carry meanwhile: small blobs are as slow as this. */
const OVERHEAD_BYTES = 256 * 1024;
/** The best pace is forgotten slowly, since a network may get worse for good. */
const FORGETTING = 1.02;

/**
 * Additive increase, multiplicative decrease (RFC 5681 has the idea), with a start that adds one for each success until
 * the first setback. Of a burst of failures only the first halves: those behind it were under way already.
 */
export function createAdaptiveLimit({ start, min, max }: LimitBounds): AdaptiveLimit {
  let size = start;
  let isStarting = true;
  let bestPace = Number.POSITIVE_INFINITY;
  /** Ends that still belong to the time before the last cut. */
  let stale = 0;

  return {
    get limit() {
      return Math.floor(size);
    },
    succeeded: (tookMs, sizeBytes) => {
      if (stale > 0) stale -= 1;
      const pace = tookMs / (sizeBytes + OVERHEAD_BYTES);
      bestPace = Math.min(bestPace * FORGETTING, pace);
      if (pace > bestPace * CROWDED) {
        isStarting = false;
        return;
      }
      size = Math.min(max, size + (isStarting ? 1 : 1 / size));
    },
    suffered: () => {
      isStarting = false;
      if (stale > 0) {
        stale -= 1;
        return;
      }
      stale = Math.floor(size) - 1;
      size = Math.max(min, size / 2);
    },
  };
}
