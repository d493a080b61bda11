import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Logger } from '../../ports.ts';
import type { SeekAnswer, SeekJob } from '../seek/seek-worker.ts';
import { type StoredSeek, unpackSeek } from '../seek/stored-seek.ts';
import type { KeptSources } from './kept-sources.ts';
import type { KeptSpace } from './kept-space.ts';
import type { LayerFiles } from './layer-files.ts';

type Deps = {
  readonly files: LayerFiles;
  readonly space: KeptSpace;
  readonly sources: KeptSources;
  readonly logger: Logger;
};

/** A blob so small is read whole, whatever is wanted of it. */
const MIN_BLOB_BYTES = 4 * 1024 * 1024;
const IN_MEMORY = 8;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 } as const;

/** Seek indexes: made one at a time, in a thread, from blobs that are kept; read when a file is wanted. */
export class SeekKeeper {
  readonly #deps: Deps;
  readonly #memory = new LRUCache<string, StoredSeek>({ max: IN_MEMORY });
  readonly #closing = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Undefined when there is none (yet). */
  async find({ digest }: Descriptor): Promise<StoredSeek | undefined> {
    const known = this.#memory.get(digest);
    if (known !== undefined) return known;
    const bytes = await this.#deps.files.read(digest, 'seek');
    const seek = bytes === undefined ? undefined : unpack(bytes);
    if (seek?.facts.digest === digest) {
      this.#memory.set(digest, seek);
      return seek;
    }
    if (bytes !== undefined) await this.#deps.files.delete(digest, 'seek');
    return undefined;
  }

  /** Has one made when the blob is kept and large; not waited for. */
  want(descriptor: Descriptor): void {
    if (descriptor.sizeBytes < MIN_BLOB_BYTES) return;
    this.#work = this.#work.then(() => this.#make(descriptor));
  }

  /** When all that are wanted by now are made. */
  async settled(): Promise<void> {
    await this.#work;
  }

  clear(): void {
    this.#memory.clear();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#memory.clear();
    await this.#work;
  }

  async #make(descriptor: Descriptor): Promise<void> {
    const { files, space, sources, logger } = this.#deps;
    const { digest, sizeBytes } = descriptor;
    const keeping = sources.begin({ digest });
    try {
      if (this.#closing.signal.aborted || (await this.find(descriptor)) !== undefined) return;
      if ((await files.identity(digest, 'blob')) === undefined) return;
      const job: SeekJob = { path: files.path(digest, 'blob'), digest, blobBytes: sizeBytes };
      const packed = await buildInWorker(job, this.#closing.signal);
      if (packed === undefined) await files.delete(digest, 'blob');
      else await keeping(() => files.write(digest, 'seek', [new Uint8Array(packed)]));
      await space.trim();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const reason = error instanceof Error ? error.message : 'unknown';
      logger.log('warn', 'layers.no-seek-index', { digest, reason });
    }
  }
}

/** Undefined when the file is not that blob any more. @throws what the thread fails with; the signal's reason */
async function buildInWorker(job: SeekJob, signal: AbortSignal): Promise<SeekAnswer> {
  const worker = new Worker(new URL('../seek/seek-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: RESOURCE_LIMITS,
  });
  try {
    const [answer]: readonly SeekAnswer[] = await once(worker, 'message', { signal });
    return answer;
  } finally {
    await worker.terminate();
  }
}

function unpack(bytes: Buffer): StoredSeek | undefined {
  try {
    return unpackSeek(bytes);
  } catch {
    return undefined;
  }
}
