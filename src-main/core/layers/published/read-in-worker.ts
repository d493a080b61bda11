import { Worker } from 'node:worker_threads';
import { Slabs } from '../scan/slabs.ts';
import { untilEnded } from '../scan/until-ended.ts';
import type { FetchedToc } from './fetch-toc.ts';
import type { FromToc, TocAnswer, TocJob, ToToc } from './toc-worker.ts';

type Options = {
  readonly job: Omit<TocJob, 'contentEnd'>;
  /** Begun while the thread starts; it is over with the signal. */
  readonly fetch: (signal: AbortSignal) => Promise<FetchedToc | undefined>;
  readonly signal: AbortSignal;
};

const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 } as const;

/**
 * Has a table read in a thread while it comes. Undefined when there is none to be fetched.
 * @throws {LayerError} `worker-died`; what `fetch` and its stream throw; the signal's reason
 */
export async function readTocInWorker({ job, fetch, signal }: Options): Promise<TocAnswer | undefined> {
  signal.throwIfAborted();
  const gone = new AbortController();
  const worker = new Worker(new URL('./toc-worker.ts', import.meta.url), { resourceLimits: RESOURCE_LIMITS });
  const ended = untilEnded(worker, signal);
  ended.catch(() => undefined);
  try {
    const fetched = await fetch(AbortSignal.any([signal, gone.signal]));
    if (fetched === undefined) return undefined;
    return await Promise.race([feed(worker, job, fetched), ended]);
  } finally {
    gone.abort();
    await worker.terminate();
  }
}

async function feed(worker: Worker, job: Options['job'], { stream, contentEnd }: FetchedToc): Promise<TocAnswer> {
  const send = (message: ToToc, transfer: readonly ArrayBuffer[] = []) => worker.postMessage(message, transfer);
  const slabs = new Slabs((buffer, length) => send({ kind: 'bytes', buffer, length }, [buffer]));
  const answered = new Promise<TocAnswer>((resolve) => {
    worker.on('message', (message: FromToc) => {
      if (message.kind === 'taken') slabs.giveBack(message.buffer);
      else resolve(message.answer);
    });
  });
  send({ kind: 'begin', job: { ...job, contentEnd } });
  try {
    // A table that cannot be used is known to be before it is there.
    await Promise.race([slabs.fill(stream), answered]);
  } finally {
    stream.destroy();
  }
  send({ kind: 'end' });
  return answered;
}
