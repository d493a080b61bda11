import type { Priority } from '../registry-client.ts';
import type { Retrier } from '../transport/retry.ts';

/** On whose behalf something is asked for along the way: who may leave, and what they may spend on trying again. */
export type Caller = {
  readonly signal?: AbortSignal | undefined;
  readonly retrier?: Retrier | undefined;
  /** `open` when absent: a person waits for it. */
  readonly priority?: Priority | undefined;
};
