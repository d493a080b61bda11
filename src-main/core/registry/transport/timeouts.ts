/** Bounds in milliseconds; injected small in tests. */
export type Timeouts = {
  /** DNS, TCP and TLS together. */
  readonly connectMs: number;
  /** From the request on the wire to its last header byte, however slowly bytes trickle. */
  readonly headersMs: number;
  /** Silence within a body, or a peer that takes nothing of ours. */
  readonly idleBodyMs: number;
  /** A window in which a body must bring, or its receiver take, `MIN_BODY_BYTES_PER_SECOND` (SECURITY-CASES L03). */
  readonly slowBodyMs: number;
  /** From the last byte of what is to be stored to the last header byte of the answer. */
  readonly commitMs: number;
};

/**
 * SECURITY-CASES §4: connect 10 s, headers 30 s, idle body 60 s, and no less than 1 KiB/s over 60 s. A registry over
 * object storage copies a blob of gigabytes before it answers the request that closes its upload.
 */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  idleBodyMs: 60_000,
  slowBodyMs: 60_000,
  commitMs: 300_000,
};

/** The least a body must bring per second, averaged over `slowBodyMs`. */
export const MIN_BODY_BYTES_PER_SECOND = 1024;
