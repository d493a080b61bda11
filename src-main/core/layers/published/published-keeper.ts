import { LRUCache } from 'lru-cache';
import type { Digest } from '#shared/oci/digest.ts';
import type { Logger } from '../../ports.ts';
import { openLoose, partsOf } from '../column-file/loose-columns.ts';
import { isRegistryError } from '../../registry/transport/registry-error.ts';
import { StoredIndex } from '../index/stored-index.ts';
import { readIndex, type UnpackedIndex, unpackIndex } from '../index/unpack-index.ts';
import type { LayerLimits } from '../limits.ts';
import type { KeptSources } from '../store/kept-sources.ts';
import type { KeptSpace } from '../store/kept-space.ts';
import type { LayerFiles } from '../store/layer-files.ts';
import type { OpenCall } from '../store/layer-opener.ts';
import { fetchToc } from './fetch-toc.ts';
import { findTocInside, isVouched, type PublishedToc } from './find-published.ts';
import type { PublishedContent } from './published-content.ts';
import { contentOfChunks } from './read-chunks.ts';
import { readTocInWorker } from './read-in-worker.ts';
import { contentOfSpans } from './soci/read-spans.ts';
import { unpackSpans } from './soci/stored-spans.ts';
import { unpackChunks } from './stored-chunks.ts';
import type { TocAnswer } from './toc-worker.ts';

type Deps = {
  readonly files: LayerFiles;
  readonly space: KeptSpace;
  readonly sources: KeptSources;
  readonly limits: LayerLimits;
  /** Smaller blobs are read whole: that takes one request too, and is verified. */
  readonly fromBytes: number;
  readonly logger: Logger;
};

const MEMORY_BYTES = 64 * 1024 * 1024;

/** Layers as tables of contents in their blobs, or beside them, describe them. */
export class PublishedKeeper {
  readonly #deps: Deps;
  /** By layer and table: what one image says of a layer is not what another says. */
  readonly #memory = new LRUCache<string, StoredIndex>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: (index) => index.bytes,
  });
  readonly #contents = new WeakMap<StoredIndex, PublishedContent>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * From what is kept, else by at most two requests once it is found. Undefined where nothing is published, or what is
   * published is not what it should be. @throws {RegistryError}; the signal's reason
   */
  async open(call: OpenCall, signal: AbortSignal): Promise<StoredIndex | undefined> {
    const { digest, sizeBytes } = call.descriptor;
    if (sizeBytes < this.#deps.fromBytes) return undefined;
    const toc = findTocInside(call.descriptor) ?? (await call.findTable?.(signal));
    if (toc === undefined) return undefined;
    const key = `${digest} ${toc.digest} ${isVouched(toc)}`;
    const index =
      this.#memory.get(key) ?? (await this.#readKept(digest, toc)) ?? (await this.#fetch(call, toc, signal));
    if (index !== undefined) this.#memory.set(key, index);
    return index;
  }

  /** Where the contents of its files are; undefined for an index that was not opened here. */
  contentOf(index: StoredIndex): PublishedContent | undefined {
    return this.#contents.get(index);
  }

  clear(): void {
    this.#memory.clear();
  }

  /** What was made of another table stays until this one takes its place. */
  async #readKept(digest: Digest, toc: PublishedToc): Promise<StoredIndex | undefined> {
    const { files, logger } = this.#deps;
    const bytes = await files.read(digest, 'published');
    if (bytes === undefined) return undefined;
    const index = this.#read(() => unpackIndex(bytes), digest);
    if (index !== undefined) return isOf(toc, index) ? index : undefined;
    logger.log('warn', 'layers.index-damaged', { digest });
    await files.delete(digest, 'published');
    return undefined;
  }

  async #fetch(call: OpenCall, toc: PublishedToc, signal: AbortSignal): Promise<StoredIndex | undefined> {
    const { files, space, sources, logger } = this.#deps;
    const { digest } = call.descriptor;
    const keeping = sources.begin({ digest, registryId: call.registryId });
    const answer = await this.#build(call, toc, signal);
    if (answer === undefined) return undefined;
    if ('problem' in answer) {
      logger.log('warn', 'layers.published-index-unusable', { digest, reason: answer.problem });
      return undefined;
    }
    const { index } = answer;
    if (space.keepsAnything) {
      await keeping(() => files.write(digest, 'published', partsOf(index))).catch(() => undefined);
      await space.trim();
    }
    return this.#read(() => readIndex(openLoose(index)), digest);
  }

  /** A table beside the blob that cannot be had costs only itself. */
  async #build(call: OpenCall, toc: PublishedToc, signal: AbortSignal): Promise<TocAnswer | undefined> {
    const { digest, sizeBytes: blobBytes } = call.descriptor;
    const { limits, logger } = this.#deps;
    try {
      return await readTocInWorker({
        job: { digest, blobBytes, toc, isVouched: isVouched(toc), limits },
        fetch: (signal) => fetchToc(call, toc, signal),
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      if (toc.format !== 'soci' || !isRegistryError(error)) throw error;
      logger.log('warn', 'layers.published-index-unusable', { digest, reason: error.kind });
      return undefined;
    }
  }

  #read(unpack: () => UnpackedIndex, digest: Digest): StoredIndex | undefined {
    try {
      const { facts, columns, unpacked } = unpack();
      if (facts.digest !== digest || facts.published === undefined) return undefined;
      const isSoci = facts.published.format === 'soci';
      const content = isSoci ? contentOfSpans(unpackSpans(unpacked)) : contentOfChunks(unpackChunks(unpacked));
      const index = new StoredIndex(facts, columns);
      this.#contents.set(index, content);
      return index;
    } catch {
      return undefined;
    }
  }
}

function isOf(toc: PublishedToc, { published }: StoredIndex): boolean {
  return published?.digest === toc.digest && published.isVouched === isVouched(toc);
}
