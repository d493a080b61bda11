import type { Clock } from '../../ports.ts';

/** All transfers together read no faster than this. */
export type Throttle = {
  /** Resolves when so many more bytes may be read; at once while there is no limit. */
  pass(bytes: number, signal: AbortSignal): Promise<void> | undefined;
  /** Bytes a second; 0 is no limit. Who waits already is let go by the new pace. */
  setLimit(bytesPerSecond: number): void;
};

/** A pause is not saved up for longer than this, or the first second after it would break the limit. */
const BURST_MS = 100;
/** So that a new limit, or an abort, is not slept through. */
const NAP_MS = 200;

/** Each chunk moves the time at which the line is free again; who comes before that waits for it. */
export function createThrottle(clock: Clock): Throttle {
  let bytesPerMs = 0;
  let freeAt = 0;

  /** A new limit moves everybody's turn. */
  const untilTurn = (turn: number): number => (bytesPerMs === 0 ? 0 : Math.min(turn, freeAt) - clock.now());

  const wait = async (bytes: number, signal: AbortSignal): Promise<void> => {
    freeAt = Math.max(freeAt, clock.now() - BURST_MS) + bytes / bytesPerMs;
    const turn = freeAt;
    for (let left = untilTurn(turn); left > 0; left = untilTurn(turn)) {
      await clock.sleep(Math.min(left, NAP_MS), signal);
    }
  };

  return {
    pass: (bytes, signal) => (bytesPerMs === 0 ? undefined : wait(bytes, signal)),
    setLimit: (bytesPerSecond) => {
      bytesPerMs = bytesPerSecond / 1000;
      freeAt = clock.now();
    },
  };
}
