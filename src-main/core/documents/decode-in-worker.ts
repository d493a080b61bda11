import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { decodeDocument } from './decode-document.ts';
import type { DecodeJob, FromDecode } from './decode-messages.ts';
import type { Decoded, DocumentSource, DocumentView, SbomPackage } from './document.ts';

/** What is decoded in a moment is decoded here; a thread takes longer to begin. */
const SMALL_BYTES = 256 * 1024;
const TIMEOUT_MS = 60_000;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } as const;

const TOO_COMPLEX: Decoded = { view: { kind: 'other', reason: 'too-complex' }, packages: [] };

/**
 * Decodes a document, a large one in a thread of its own with bounds on memory and time; past them it is `too-complex`.
 * @throws the signal's reason
 */
export async function decodeInWorker(
  bytes: Uint8Array,
  source: DocumentSource,
  signal?: AbortSignal,
): Promise<Decoded> {
  signal?.throwIfAborted();
  if (bytes.length <= SMALL_BYTES) return decodeDocument(bytes, source);
  const job: DecodeJob = { bytes, source };
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: RESOURCE_LIMITS,
  });
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    return await Promise.race([collect(worker), ended(worker, stop)]);
  } finally {
    await worker.terminate();
    signal?.throwIfAborted();
  }
}

async function collect(worker: Worker): Promise<Decoded> {
  const packages: SbomPackage[] = [];
  const view = await new Promise<DocumentView>((resolve) => {
    worker.on('message', (message: FromDecode) => {
      if (message.kind === 'packages') packages.push(...message.packages);
      else resolve(message.view);
    });
  });
  return { view, packages };
}

/** Out of memory, out of time, or told to stop: there is no document. */
async function ended(worker: Worker, stop: AbortSignal): Promise<Decoded> {
  const exited = once(worker, 'exit').catch(() => undefined);
  await Promise.race([exited, once(stop, 'abort')]);
  return TOO_COMPLEX;
}
