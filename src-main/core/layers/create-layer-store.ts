import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Clock, Logger } from '../ports.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { StoredIndex } from './index/stored-index.ts';
import { LAYER_LIMITS, type LayerLimits } from './limits.ts';
import type { OpenLayer } from './open-layer.ts';
import { LayerFiles } from './store/layer-files.ts';
import { type OpenCall, LayerOpener } from './store/layer-opener.ts';
import { openedLayer } from './store/opened.ts';

export type LayerStoreDeps = {
  /** A folder for this alone; made when it is not there. */
  readonly folder: string;
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
  /** Ends what is under way. */
  close(): Promise<void>;
};

/** Reading takes both cores of a small machine by itself. */
const READERS = 2;
/** Of indexes in memory, so that walking through an image does not read the same files again. */
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Opens layers, and keeps what was learnt of them by digest: a layer never changes. */
export function createLayerStore({ folder, logger, clock, limits }: LayerStoreDeps): LayerStore {
  const files = new LayerFiles(folder);
  const opener = new LayerOpener({ files, logger, clock, limits: { ...LAYER_LIMITS, ...limits } });
  const prepared = files.prepare(clock.now());
  // Whoever opens a layer hears of it.
  prepared.catch(() => undefined);
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
    open: async (call) => {
      call.signal?.throwIfAborted();
      const { digest } = call.descriptor;
      const known = memory.get(digest);
      if (known !== undefined) return openedLayer(known);
      const index = await flights.run(flightKey(call), (signal) => find(call, signal), call.signal);
      memory.set(digest, index);
      return openedLayer(index);
    },
    close: async () => {
      closing.abort();
      memory.clear();
      await prepared.catch(() => undefined);
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
