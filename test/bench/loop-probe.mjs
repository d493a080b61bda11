import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Loaded before the host's own code by `--import`: answers how long the event loop of its main thread stood still since
// it was last asked. Whoever starts the host gives it a channel to ask by.
const RESOLUTION_MS = 1;

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let busiestMs = 0;
  let last = process.threadCpuUsage();
  // One timer for each turn of the loop: what the thread has used of the processor from one to the next.
  const tick = () => {
    const now = process.threadCpuUsage();
    busiestMs = Math.max(busiestMs, (now.user - last.user + now.system - last.system) / 1000);
    last = now;
    setTimeout(tick, RESOLUTION_MS).unref();
  };
  tick();
  process.on('message', () => {
    process.send?.({ longestMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS), busiestMs });
    delay.reset();
    busiestMs = 0;
  });
  // The host ends when it wants to, not when nobody asks any more.
  process.channel?.unref();
}
