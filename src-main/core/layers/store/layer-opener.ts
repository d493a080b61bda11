import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Clock, Logger } from '../../ports.ts';
import { type LooseColumns, openLoose, partsOf } from '../column-file/loose-columns.ts';
import type { RegistryClient } from '../../registry/registry-client.ts';
import { readIndex, unpackIndex } from '../index/unpack-index.ts';
import { StoredIndex } from '../index/stored-index.ts';
import type { LayerLimits } from '../limits.ts';
import type { PublishedToc } from '../published/find-published.ts';
import { type ScanOutcome, type ScanProgress, scanInWorker } from '../scan/scan-in-worker.ts';
import type { KeptSources } from './kept-sources.ts';
import type { KeptSpace } from './kept-space.ts';
import type { LayerFiles } from './layer-files.ts';

export type OpenCall = {
  /** Nothing else of it is asked; it has to live as long as files of the layer are read. */
  readonly client: Pick<RegistryClient, 'openBlob' | 'openBlobAt'>;
  readonly repository: string;
  readonly descriptor: Descriptor;
  /** Under which what is kept is noted, to be deleted when nobody is signed in there any more. */
  readonly registryId?: string;
  readonly signal?: AbortSignal;
  /** Finds a table of contents that is published beside the blob. Asked only when nothing else is there. */
  readonly findTable?: (signal: AbortSignal) => Promise<PublishedToc | undefined>;
  /** Reads the blob itself even where a table of contents is published. */
  readonly ignorePublished?: boolean;
  /** At most about ten times a second. Must not throw. */
  readonly onProgress?: (progress: ScanProgress) => void;
};

type Deps = {
  readonly files: LayerFiles;
  readonly space: KeptSpace;
  readonly sources: KeptSources;
  /** A blob was read whole and is kept. */
  readonly onBlobKept: (descriptor: Descriptor) => void;
  readonly limits: LayerLimits;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'now'>;
};

const PROGRESS_MS = 100;

/** Where indexes come from: what is kept of a layer, or the layer itself. */
export class LayerOpener {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Undefined when nothing is kept. What is damaged is deleted and counts as nothing (K03). */
  async readKept({ digest }: Descriptor): Promise<StoredIndex | undefined> {
    const { files, logger } = this.#deps;
    const bytes = await files.read(digest, 'index');
    if (bytes === undefined) return undefined;
    const index = unpack(bytes);
    if (index?.digest === digest) return index;
    logger.log('warn', 'layers.index-damaged', { digest });
    await files.delete(digest, 'index');
    return undefined;
  }

  /**
   * Reads the whole blob, and keeps it when there is room. @throws {RegistryError}, {LayerError} `worker-died`, and the
   * signal's reason
   */
  async readBlob(call: OpenCall, signal: AbortSignal): Promise<StoredIndex> {
    const { files, space, sources } = this.#deps;
    const keeping = sources.begin({ digest: call.descriptor.digest, registryId: call.registryId });
    const room = await space.reserve(call.descriptor.sizeBytes);
    const temporary = room === undefined ? undefined : files.temporaryPath();
    try {
      const { index, isBlobKept } = await this.#scan(call, signal, temporary);
      const blobPath = isBlobKept ? temporary : undefined;
      if (space.keepsAnything) await this.#keep(call.descriptor, keeping, index, blobPath);
      const { facts, columns } = readIndex(openLoose(index));
      return new StoredIndex(facts, columns);
    } finally {
      if (temporary !== undefined) await files.discard(temporary);
      room?.release();
      await space.trim();
    }
  }

  async #scan(call: OpenCall, signal: AbortSignal, blobPath: string | undefined): Promise<ScanOutcome> {
    const { client, repository, descriptor, onProgress } = call;
    const { digest, sizeBytes } = descriptor;
    return scanInWorker({
      job: { digest, limits: this.#deps.limits, ...(blobPath !== undefined && { blobPath }) },
      openBlob: () => client.openBlob({ repository, descriptor, signal }),
      totalBytes: sizeBytes,
      signal,
      onProgress: onProgress && coalesced(onProgress, this.#deps.clock),
    });
  }

  /** A disk that is full costs the keeping, not the layer. */
  async #keep(
    descriptor: Descriptor,
    keeping: ReturnType<KeptSources['begin']>,
    index: LooseColumns,
    blobPath: string | undefined,
  ): Promise<void> {
    const { files, logger, onBlobKept } = this.#deps;
    const { digest } = descriptor;
    try {
      await keeping(async () => {
        await files.write(digest, 'index', partsOf(index));
        if (blobPath === undefined) return;
        await files.commit(blobPath, digest, 'blob');
        onBlobKept(descriptor);
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      logger.log('warn', 'layers.not-kept', { digest, reason });
    }
  }
}

function unpack(bytes: Buffer): StoredIndex | undefined {
  try {
    const { facts, columns } = unpackIndex(bytes);
    return new StoredIndex(facts, columns);
  } catch {
    return undefined;
  }
}

function coalesced(tell: (progress: ScanProgress) => void, clock: Pick<Clock, 'now'>) {
  let toldAt = 0;
  return (progress: ScanProgress): void => {
    const now = clock.now();
    if (now - toldAt < PROGRESS_MS && progress.readBytes < progress.totalBytes) return;
    toldAt = now;
    tell(progress);
  };
}
