import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { LayerError } from '../layer-error.ts';

/**
 * Rejects when the thread ends by itself or the signal aborts; it never resolves.
 * @throws {LayerError} `worker-died`; the signal's reason
 */
export async function untilEnded(worker: Worker, signal: AbortSignal): Promise<never> {
  const aborted = once(signal, 'abort').then(() => signal.reason);
  const exited = once(worker, 'exit').then(
    () => new LayerError('worker-died', 'the thread that reads the layer ended'),
    (cause) => new LayerError('worker-died', 'the thread that reads the layer failed', { cause }),
  );
  throw await Promise.race([aborted, exited]);
}
