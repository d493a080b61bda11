import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { Digest } from '#shared/oci/digest.ts';
import type { Logger } from '../../ports.ts';
import { StoredIndex } from '../index/stored-index.ts';
import { unpackIndex } from '../index/unpack-index.ts';
import type { LayerLimits } from '../limits.ts';
import type { KeptSpace } from '../store/kept-space.ts';
import type { LayerFiles } from '../store/layer-files.ts';
import type { OpenCall } from '../store/layer-opener.ts';
import { fetchToc } from './fetch-toc.ts';
import { findPublishedToc, type PublishedToc } from './find-published.ts';
import { type StoredChunks, unpackChunks } from './stored-chunks.ts';
import type { TocAnswer, TocJob } from './toc-worker.ts';

type Deps = {
  readonly files: LayerFiles;
  readonly space: KeptSpace;
  readonly limits: LayerLimits;
  /** Smaller blobs are read whole: that takes one request too, and is verified. */
  readonly fromBytes: number;
  readonly logger: Logger;
};

const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;
const IN_MEMORY = 16;

/** Layers as tables of contents in their blobs describe them. */
export class PublishedKeeper {
  readonly #deps: Deps;
  readonly #chunks = new LRUCache<Digest, StoredChunks>({ max: IN_MEMORY });

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * From what is kept, else by at most two requests. Undefined where nothing is published, or what is published is not
   * what the manifest vouches for. @throws {RegistryError}; the signal's reason
   */
  async open(call: OpenCall, signal: AbortSignal): Promise<StoredIndex | undefined> {
    const toc = findPublishedToc(call.descriptor);
    if (toc === undefined || call.descriptor.sizeBytes < this.#deps.fromBytes) return undefined;
    return (await this.#readKept(call)) ?? (await this.#fetch(call, toc, signal));
  }

  /** Where the pieces of its files are. @throws {RegistryError}; the signal's reason */
  async chunks(call: OpenCall, signal: AbortSignal): Promise<StoredChunks | undefined> {
    const { digest } = call.descriptor;
    if (!this.#chunks.has(digest)) await this.open(call, signal);
    return this.#chunks.get(digest);
  }

  clear(): void {
    this.#chunks.clear();
  }

  async #readKept({ descriptor: { digest } }: OpenCall): Promise<StoredIndex | undefined> {
    const { files, logger } = this.#deps;
    const bytes = await files.read(digest, 'published');
    if (bytes === undefined) return undefined;
    const index = this.#unpack(bytes, digest);
    if (index !== undefined) return index;
    logger.log('warn', 'layers.index-damaged', { digest });
    await files.delete(digest, 'published');
    return undefined;
  }

  async #fetch(call: OpenCall, toc: PublishedToc, signal: AbortSignal): Promise<StoredIndex | undefined> {
    const { files, space, limits, logger } = this.#deps;
    const { digest } = call.descriptor;
    const fetched = await fetchToc(call, toc, signal);
    if (fetched === undefined) return undefined;
    const bytes = Uint8Array.from(fetched.bytes).buffer;
    const answer = await buildInWorker({ digest, toc, bytes, contentEnd: fetched.contentEnd, limits }, signal);
    if ('problem' in answer) {
      logger.log('warn', 'layers.published-index-unusable', { digest, reason: answer.problem });
      return undefined;
    }
    const packed = Buffer.from(answer.index);
    if (space.keepsAnything) {
      await files.write(digest, 'published', packed).catch(() => undefined);
      await space.trim();
    }
    return this.#unpack(packed, digest);
  }

  #unpack(bytes: Buffer, digest: Digest): StoredIndex | undefined {
    try {
      const { facts, columns } = unpackIndex(bytes);
      if (facts.digest !== digest) return undefined;
      this.#chunks.set(digest, unpackChunks(bytes));
      return new StoredIndex(facts, columns);
    } catch {
      return undefined;
    }
  }
}

async function buildInWorker(job: TocJob, signal: AbortSignal): Promise<TocAnswer> {
  const worker = new Worker(new URL('./toc-worker.ts', import.meta.url), {
    workerData: job,
    transferList: [job.bytes],
    resourceLimits: RESOURCE_LIMITS,
  });
  try {
    const [answer]: readonly TocAnswer[] = await once(worker, 'message', { signal });
    return answer ?? { problem: 'the thread that reads it gave no answer' };
  } finally {
    await worker.terminate();
  }
}
