import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Clock, Logger } from '../ports.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { StoredIndex } from './index/stored-index.ts';
import { LAYER_LIMITS, type LayerLimits } from './limits.ts';
import type { OpenLayer } from './open-layer.ts';
import { PublishedKeeper } from './published/published-keeper.ts';
import { FileReader } from './store/file-reader.ts';
import { KeptSources } from './store/kept-sources.ts';
import { KeptSpace, type KeptStats } from './store/kept-space.ts';
import { type KeptSizes, LayerFiles } from './store/layer-files.ts';
import { type OpenCall, LayerOpener } from './store/layer-opener.ts';
import { openedLayer } from './store/opened.ts';
import { SeekKeeper } from './store/seek-keeper.ts';
import { TarReader } from './store/tar-reader.ts';

export type LayerStoreDeps = {
  /** A folder for this alone; made when it is not there. */
  readonly folder: string;
  /** Of what is kept there: blobs, and what was learnt of them. 0 keeps nothing. */
  readonly limitBytes: number;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits?: Partial<LayerLimits>;
  /** From which size of a blob on a published table of contents is used; 1 MiB when absent. */
  readonly publishedFromBytes?: number;
};

export type LayerStore = {
  /**
   * Everything in a layer, without its bytes: from what is kept, else from a table of contents in the blob that the
   * manifest vouches for (at most two requests) or from one beside it, else by reading the whole blob, verified at its
   * end.
   * What is wrong with the layer itself is told by its `completeness`.
   * @throws {RegistryError} what `openBlob` and its stream fail with; {LayerError} `worker-died`; the signal's reason
   */
  open(call: OpenCall): Promise<OpenLayer>;
  /** At once; what is over goes, blobs first. */
  setLimit(bytes: number): Promise<void>;
  stats(): Promise<KeptStats>;
  /** Deletes all that is kept. */
  clear(): Promise<void>;
  /**
   * Deletes what is kept from registries that `isGone` and from no other, and all of which it is not known; what is just
   * being read from them is not kept. Never fails: what cannot be deleted is told in the log.
   */
  forget(isGone: (registryId: string) => boolean): Promise<void>;
  /** Bytes of what `forget` would delete: from them alone, and of unknown origin. */
  sizesOf(isGone: (registryId: string) => boolean): Promise<KeptSizes>;
  /** When nothing is being made of blobs that are kept any more. */
  settled(): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

/** Reading takes both cores of a small machine by itself. */
const READERS = 2;
const PUBLISHED_FROM_BYTES = 1024 * 1024;
/** Of indexes in memory, so that walking through an image does not read the same files again. */
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Opens layers, and keeps what was learnt of them by digest: a layer never changes. */
export function createLayerStore(deps: LayerStoreDeps): LayerStore {
  const { folder, limitBytes, logger, clock, publishedFromBytes = PUBLISHED_FROM_BYTES } = deps;
  const limits = { ...LAYER_LIMITS, ...deps.limits };
  const files = new LayerFiles(folder);
  const space = new KeptSpace(files, limitBytes);
  const sources = new KeptSources(files, logger);
  const seeks = new SeekKeeper({ files, space, sources, logger });
  const opener = new LayerOpener({
    files,
    space,
    sources,
    logger,
    clock,
    limits,
    onBlobKept: (descriptor) => seeks.want(descriptor),
  });
  const published = new PublishedKeeper({ files, space, sources, logger, limits, fromBytes: publishedFromBytes });
  const tar = new TarReader({ files, space, seeks, opener, logger });
  // Without a folder that works nothing is kept, and layers open all the same.
  const prepared = files.prepare(clock.now()).then(
    () => space.trim(),
    (error: unknown) => logger.log('warn', 'layers.no-folder', { reason: error instanceof Error ? error.message : '' }),
  );
  const indexes = createIndexes({ opener, published, prepared });

  return {
    open: async (call) => {
      const index = await indexes.get(call);
      return openedLayer(index, new FileReader({ index, call, tar, published }));
    },
    setLimit: async (bytes) => {
      await prepared;
      await space.setLimit(bytes);
    },
    stats: () => prepared.then(() => space.stats()),
    clear: async () => {
      await prepared;
      indexes.clear();
      published.clear();
      await files.deleteAll();
    },
    forget: async (isGone) => {
      await prepared;
      indexes.clear();
      published.clear();
      seeks.clear();
      await sources.forget(isGone);
    },
    sizesOf: (isGone) => prepared.then(() => files.sizesFrom(isGone)),
    settled: () => seeks.settled(),
    close: async () => {
      indexes.close();
      await seeks.close();
      await prepared;
    },
  };
}

type Sources = {
  readonly opener: LayerOpener;
  readonly published: PublishedKeeper;
  readonly prepared: Promise<void>;
};

/** Indexes, each read once by however many ask for it at a time. */
function createIndexes({ opener, published, prepared }: Sources) {
  const flights = createSingleFlight<StoredIndex>();
  const flightKey = createFlightKeys();
  const slots = pLimit(READERS);
  const memory = new LRUCache<string, StoredIndex>({ maxSize: MEMORY_BYTES, sizeCalculation: (index) => index.bytes });
  const closing = new AbortController();
  /** What was verified is better than what was published. */
  const find = async (call: OpenCall, signal: AbortSignal): Promise<StoredIndex> => {
    const kept = await opener.readKept(call.descriptor);
    if (kept !== undefined) return kept;
    const told = call.ignorePublished === true ? undefined : await published.open(call, signal);
    return told ?? opener.readBlob(call, signal);
  };
  const findInTurn = (call: OpenCall, signal: AbortSignal): Promise<StoredIndex> => {
    const either = AbortSignal.any([signal, closing.signal]);
    return slots(async () => {
      await prepared;
      either.throwIfAborted();
      return find(call, either);
    });
  };
  return {
    get: async (call: OpenCall): Promise<StoredIndex> => {
      call.signal?.throwIfAborted();
      const { digest } = call.descriptor;
      const known = memory.get(digest);
      if (known !== undefined) return known;
      const index = await flights.run(flightKey(call), (signal) => findInTurn(call, signal), call.signal);
      // What is published is known by more than the layer's digest: the table of one image is not that of another.
      if (index.origin === 'verified') memory.set(digest, index);
      return index;
    },
    clear: () => memory.clear(),
    close: () => {
      closing.abort();
      memory.clear();
    },
  };
}

/** Two people may read one blob, and only one of them be allowed to: nobody waits for another's request. */
function createFlightKeys() {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return ({ client, repository, descriptor, ignorePublished = false }: OpenCall): string => {
    const number = numbers.get(client) ?? (last += 1);
    numbers.set(client, number);
    return `${number} ${repository} ${descriptor.digest} ${ignorePublished}`;
  };
}
