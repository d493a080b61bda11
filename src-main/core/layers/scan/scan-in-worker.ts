import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { LooseColumns } from '../column-file/loose-columns.ts';
import type { ScanResult } from './layer-scan.ts';
import type { FromScan, ScanJob, ToScan } from './messages.ts';
import { Slabs } from './slabs.ts';
import { untilEnded } from './until-ended.ts';

/** How far the reading of a layer is. `totalBytes` is the size of the blob. */
export type ScanProgress = {
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly outputBytes: number;
  readonly entryCount: number;
};

type Options = {
  readonly job: ScanJob;
  /** The blob must fail when its bytes turn out to be the wrong ones. Opened while the thread starts. */
  readonly openBlob: () => Promise<Readable>;
  readonly totalBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ScanProgress) => void) | undefined;
};

export type ScanOutcome = {
  readonly result: ScanResult;
  readonly index: LooseColumns;
  readonly isBlobKept: boolean;
};

/**
 * The columns of an index lie outside the heap; this is for the texts and small things that pass. What is young is soon
 * gone: a small space for it stays in the cache.
 */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 } as const;

/**
 * Reads a layer in a thread of its own. Nothing comes of it when the blob fails at its end, as it does for a wrong
 * digest. When the signal aborts, the thread is ended at once.
 * @throws {LayerError} `worker-died`; what `openBlob` and the blob's stream throw; the signal's reason
 */
export async function scanInWorker(options: Options): Promise<ScanOutcome> {
  const { signal } = options;
  signal.throwIfAborted();
  const worker = new Worker(new URL('./scan-worker.ts', import.meta.url), {
    workerData: options.job,
    resourceLimits: RESOURCE_LIMITS,
  });
  const ended = untilEnded(worker, signal);
  ended.catch(() => undefined);
  let blob: Readable | undefined;
  try {
    blob = await options.openBlob();
    return await Promise.race([feed(worker, blob, options), ended]);
  } finally {
    blob?.destroy();
    await worker.terminate();
  }
}

async function feed(worker: Worker, blob: Readable, { totalBytes, onProgress }: Options): Promise<ScanOutcome> {
  let readBytes = 0;
  let outputBytes = 0;
  const tell = (entryCount: number) => onProgress?.({ readBytes, totalBytes, outputBytes, entryCount });
  const send = (message: ToScan, transfer: readonly ArrayBuffer[] = []) => worker.postMessage(message, transfer);
  const slabs = new Slabs((buffer, length) => {
    readBytes += length;
    send({ kind: 'bytes', buffer, length }, [buffer]);
  });
  const done = new Promise<ScanOutcome>((resolve) => {
    worker.on('message', (message: FromScan) => {
      if (message.kind === 'taken') {
        ({ outputBytes } = message);
        slabs.giveBack(message.buffer);
        tell(message.entryCount);
      } else {
        const { result, index, isBlobKept } = message;
        outputBytes = result.tarBytes ?? outputBytes;
        tell(result.entryCount);
        resolve({ result, index, isBlobKept });
      }
    });
  });
  await slabs.fill(blob);
  send({ kind: 'end' });
  return done;
}
