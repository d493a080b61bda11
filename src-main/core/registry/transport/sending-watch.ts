import { DeadlineError } from './node-failure.ts';
import { MIN_BODY_BYTES_PER_SECOND, type Timeouts } from './timeouts.ts';

/** Times one body on its way out. What it finds too slow it says once, to `tooSlow`. */
export type SendingWatch = {
  /** There is a connection. */
  connected(): void;
  /** A piece lies ready for the receiver. */
  offered(): void;
  /** The receiver has taken it. */
  taken(bytes: number): void;
  /** Everything has been handed over: from now on it is the answer that is waited for. */
  sent(): void;
  stop(): void;
};

/** Of a window, so much must the receiver have kept us waiting for it to count as slow. */
const BLOCKED_SHARE = 0.9;

/**
 * A body has no deadline: it may be fifty gigabytes. Bounded are the time to a connection, how long the receiver takes
 * nothing, how little it takes on average, and how long its answer takes after the last byte. While the source is slow
 * nobody is blamed here; whoever reads it watches it.
 */
export function watchSending(timeouts: Timeouts, tooSlow: (error: DeadlineError) => void): SendingWatch {
  let offeredAt: number | undefined;
  let blockedMs = 0;
  let takenBytes = 0;
  const blockedSoFar = () => blockedMs + (offeredAt === undefined ? 0 : performance.now() - offeredAt);

  const startWindow = (ms: number, leastBytes: number, text: string): NodeJS.Timeout => {
    let before = { blocked: 0, bytes: 0 };
    const check = () => {
      const now = { blocked: blockedSoFar(), bytes: takenBytes };
      const isBlocked = now.blocked - before.blocked >= ms * BLOCKED_SHARE;
      if (isBlocked && now.bytes - before.bytes < leastBytes) tooSlow(new DeadlineError(text));
      before = now;
    };
    return setInterval(check, ms).unref();
  };
  const { connectMs, idleBodyMs, slowBodyMs, commitMs } = timeouts;
  const least = (MIN_BODY_BYTES_PER_SECOND * slowBodyMs) / 1000;
  let answer: NodeJS.Timeout | undefined;
  const connect = setTimeout(() => tooSlow(new DeadlineError(`no connection within ${connectMs} ms`)), connectMs);
  connect.unref();
  const windows = [
    startWindow(idleBodyMs, 1, `took nothing for ${idleBodyMs} ms`),
    startWindow(slowBodyMs, least, `took less than ${MIN_BODY_BYTES_PER_SECOND} bytes a second`),
  ];
  const stopWindows = () => {
    clearTimeout(connect);
    for (const each of windows) clearInterval(each);
  };

  return {
    connected: () => clearTimeout(connect),
    offered: () => {
      offeredAt = performance.now();
    },
    taken: (bytes) => {
      blockedMs = blockedSoFar();
      offeredAt = undefined;
      takenBytes += bytes;
    },
    sent: () => {
      stopWindows();
      answer = setTimeout(() => tooSlow(new DeadlineError(`no answer within ${commitMs} ms`)), commitMs).unref();
    },
    stop: () => {
      stopWindows();
      clearTimeout(answer);
    },
  };
}
