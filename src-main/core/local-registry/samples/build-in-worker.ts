import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GantryError } from '../../gantry-error.ts';
import type { PlacedPush, SampleMessage } from './sample.ts';

/** The thread that builds the samples ended before the last of them. */
class SamplesCutShortError extends GantryError {
  override readonly name = 'SamplesCutShortError';
  readonly kind = 'internal';

  constructor() {
    super('the thread that builds the samples ended before the last of them');
  }
}

/**
 * Builds every sample in a thread of its own, each when it is asked for: compressing takes up to 200 ms an image, and
 * whoever waits for the first screen must not wait for that. Ends early, without an error, when `signal` aborts.
 * @throws {SamplesCutShortError} when the thread ends by itself: what there is must not pass for all of them
 */
export async function* buildInWorker(signal?: AbortSignal): AsyncGenerator<PlacedPush, void, void> {
  if (signal?.aborted === true) return;
  const worker = new Worker(new URL('./sample-worker.ts', import.meta.url));
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  // Listened for from the start: a worker ended while its last push is stored has no later event to wait for.
  const ended = once(worker, 'exit').then((): undefined => {
    if (signal?.aborted !== true) throw new SamplesCutShortError();
    return undefined;
  });
  ended.catch(() => undefined);
  const next = (): Promise<SampleMessage> => Promise.race([ask(worker), ended]);
  try {
    for (let push = await next(); push !== undefined; push = await next()) yield push;
  } finally {
    signal?.removeEventListener('abort', stop);
    // Not waited for: its end says nothing about the samples.
    void worker.terminate();
  }
}

/** Resolves with the worker's answer; never, when it ends before. Rejects with what it throws. */
async function ask(worker: Worker): Promise<SampleMessage> {
  const answered = once(worker, 'message');
  worker.postMessage('next', []);
  const [push]: readonly SampleMessage[] = await answered;
  return push;
}
