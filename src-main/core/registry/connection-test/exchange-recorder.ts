import type { Clock } from '../../ports.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { TransportEvent } from '../transport/transport-event.ts';

/** Keeps what one ladder's requests showed, for the rung that sent them. */
export type ExchangeRecorder = {
  readonly observe: (event: TransportEvent) => void;
  /** What has ended since the last call. Waits a moment for bodies that are just being dropped. */
  take(): Promise<readonly Exchange[]>;
};

/** An answer is told whole when its body has ended, which is a tick after its reader has gone on. */
const WAIT_MS = 500;

export function createExchangeRecorder(clock: Clock): ExchangeRecorder {
  let ended: Exchange[] = [];
  let openCount = 0;
  let wake: () => void = () => {};
  return {
    observe: (event) => {
      if (event.kind === 'answered') openCount += 1;
      if (event.kind !== 'finished') return;
      const { exchange } = event.entry;
      if (exchange.status !== undefined) openCount -= 1;
      ended.push(exchange);
      if (openCount <= 0) wake();
    },
    take: async () => {
      if (openCount > 0) {
        const settled = new AbortController();
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await Promise.race([promise, sleepQuietly(clock, settled.signal)]);
        settled.abort();
      }
      const taken = ended;
      ended = [];
      return taken;
    },
  };
}

async function sleepQuietly(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(WAIT_MS, signal);
  } catch {
    // It was over before.
  }
}
