import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Clock, Logger } from '../ports.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { StoredIndex } from './index/stored-index.ts';
import { LAYER_LIMITS, type LayerLimits } from './limits.ts';
import type { OpenLayer } from './open-layer.ts';
import { FileReader } from './store/file-reader.ts';
import { KeptSpace, type KeptStats } from './store/kept-space.ts';
import { LayerFiles } from './store/layer-files.ts';
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
};

export type LayerStore = {
  /**
   * Everything in a layer, without its bytes: from what is kept, else by reading the whole blob, verified at its end.
   * What is wrong with the layer itself is told by its `completeness`.
   * @throws {RegistryError} what `openBlob` and its stream fail with; {LayerError} `worker-died`; the signal's reason
   */
  open(call: OpenCall): Promise<OpenLayer>;
  /** At once; what is over goes, blobs first. */
  setLimit(bytes: number): Promise<void>;
  stats(): Promise<KeptStats>;
  /** Deletes all that is kept. */
  clear(): Promise<void>;
  /** When nothing is being made of blobs that are kept any more. */
  settled(): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

/** Reading takes both cores of a small machine by itself. */
const READERS = 2;
/** Of indexes in memory, so that walking through an image does not read the same files again. */
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Opens layers, and keeps what was learnt of them by digest: a layer never changes. */
export function createLayerStore({ folder, limitBytes, logger, clock, limits }: LayerStoreDeps): LayerStore {
  const files = new LayerFiles(folder);
  const space = new KeptSpace(files, limitBytes);
  const seeks = new SeekKeeper({ files, space, logger });
  const opener = new LayerOpener({
    files,
    space,
    logger,
    clock,
    limits: { ...LAYER_LIMITS, ...limits },
    onBlobKept: (descriptor) => seeks.want(descriptor),
  });
  const tar = new TarReader({ files, space, seeks, opener, logger });
  const prepared = files.prepare(clock.now()).then(() => space.trim());
  // Whoever opens a layer hears of it.
  prepared.catch(() => undefined);
  const indexes = createIndexes(opener, prepared);

  return {
    open: async (call) => {
      const index = await indexes.get(call);
      return openedLayer(index, new FileReader(index, call, tar));
    },
    setLimit: async (bytes) => {
      await prepared;
      await space.setLimit(bytes);
    },
    stats: async () => {
      await prepared;
      return space.stats();
    },
    clear: async () => {
      await prepared;
      indexes.clear();
      await files.deleteAll();
    },
    settled: () => seeks.settled(),
    close: async () => {
      indexes.close();
      await seeks.close();
      await prepared.catch(() => undefined);
    },
  };
}

/** Indexes, each read once by however many ask for it at a time. */
function createIndexes(opener: LayerOpener, prepared: Promise<void>) {
  const flights = createSingleFlight<StoredIndex>();
  const flightKey = createFlightKeys();
  const slots = pLimit(READERS);
  const memory = new LRUCache<string, StoredIndex>({ maxSize: MEMORY_BYTES, sizeCalculation: (index) => index.bytes });
  const closing = new AbortController();
  const find = (call: OpenCall, signal: AbortSignal): Promise<StoredIndex> => {
    const either = AbortSignal.any([signal, closing.signal]);
    return slots(async () => {
      await prepared;
      either.throwIfAborted();
      return (await opener.readKept(call.descriptor)) ?? (await opener.readBlob(call, either));
    });
  };
  return {
    get: async (call: OpenCall): Promise<StoredIndex> => {
      call.signal?.throwIfAborted();
      const { digest } = call.descriptor;
      const known = memory.get(digest);
      if (known !== undefined) return known;
      const index = await flights.run(flightKey(call), (signal) => find(call, signal), call.signal);
      memory.set(digest, index);
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
  return ({ client, repository, descriptor }: OpenCall): string => {
    const number = numbers.get(client) ?? (last += 1);
    numbers.set(client, number);
    return `${number} ${repository} ${descriptor.digest}`;
  };
}
