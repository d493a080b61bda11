import { LRUCache } from 'lru-cache';
import type { Digest } from '#shared/oci/digest.ts';
import type { Clock } from '../../ports.ts';
import type { RegistryClient } from '../../registry/registry-client.ts';
import type { LayerStore } from '../create-layer-store.ts';
import { FilesError } from '../files-error.ts';
import { describeOpened, type OpenedSummary } from './describe-opened.ts';
import { findLayers, type WantedLayer } from './find-layers.ts';
import { createSociTables, type SociTables } from './find-soci.ts';
import { type OpenProgress, OpenProgressSum } from './open-progress.ts';
import { openImage, type OpenedImage, type ReadLayer } from './opened-image.ts';
import { whileWorking } from '../../while-working.ts';

/** What is opened: an image by its manifest, or one blob of a manifest. */
export type OpenTarget = {
  readonly registryId: string;
  readonly repository: string;
  readonly digest: Digest;
  readonly layerDigest?: Digest | undefined;
};

export type OpenEvent =
  | OpenProgress
  | { readonly kind: 'merging'; readonly entryCount: number; readonly totalEntryCount: number }
  | { readonly kind: 'ready'; readonly opened: OpenedSummary };

/** Images that are open, the last few of them. */
export type OpenImages = {
  /** Reads what is not known yet; the last event is `ready`. @throws {FilesError}, {RegistryError}, {OciError}, {LayerError} */
  open(target: OpenTarget, signal: AbortSignal): AsyncGenerator<OpenEvent, void, void>;
  /** @throws {FilesError} `not-open` when it never was, or was let go to make room */
  get(target: OpenTarget): OpenedImage;
  /** Lets go of all that came from a registry: another person may have signed in. */
  forget(registryId: string): void;
  clear(): void;
};

type Deps = {
  readonly store: Pick<LayerStore, 'open'>;
  /** The client of a registry as it is at the time: content is read long after opening. */
  readonly clientOf: (registryId: string) => Promise<RegistryClient>;
  readonly clock: Clock;
};

const MAX_OPEN = 8;
/** Some 200 bytes each. */
const MAX_ENTRIES = 4_000_000;

export function createOpenImages({ store, clientOf, clock }: Deps): OpenImages {
  const open = new LRUCache<string, OpenedImage>({
    max: MAX_OPEN,
    maxSize: MAX_ENTRIES,
    sizeCalculation: ({ stack }) => stack.entries.size + 1,
  });
  const lasting = createLastingClients(clientOf);
  return {
    open: async function* (target, signal) {
      const known = open.get(keyOf(target));
      if (known !== undefined) {
        yield { kind: 'ready', opened: await describeOpened(known, signal) };
        return;
      }
      const client = await clientOf(target.registryId);
      const { repository, digest, registryId } = target;
      const { wanted, annotations } = await findLayers({ ...target, client, signal });
      const findTable = createSociTables(() => clientOf(registryId), { repository, digest, annotations });
      const opener = new Opener({ registryId, wanted, findTable, store, client: lasting(registryId), clock, signal });
      const opened = yield* opener.run(repository);
      open.set(keyOf(target), opened);
      yield { kind: 'ready', opened: await describeOpened(opened, signal) };
    },
    get: (target) => {
      const opened = open.get(keyOf(target));
      if (opened === undefined) throw new FilesError('not-open', target.digest);
      return opened;
    },
    forget: (registryId) => {
      for (const key of open.keys()) if (key.startsWith(`${registryId} `)) open.delete(key);
    },
    clear: () => open.clear(),
  };
}

function keyOf({ registryId, repository, digest, layerDigest }: OpenTarget): string {
  return `${registryId} ${repository} ${digest} ${layerDigest ?? ''}`;
}

type BlobClient = Pick<RegistryClient, 'openBlob' | 'openBlobAt'>;

/** For each registry one thing that reads its blobs for as long as we run, by whichever client is the right one then. */
function createLastingClients(clientOf: Deps['clientOf']): (registryId: string) => BlobClient {
  const clients = new Map<string, BlobClient>();
  return (registryId) => {
    const known = clients.get(registryId);
    if (known !== undefined) return known;
    const client: BlobClient = {
      openBlob: async (call) => (await clientOf(registryId)).openBlob(call),
      openBlobAt: async (call) => (await clientOf(registryId)).openBlobAt(call),
    };
    clients.set(registryId, client);
    return client;
  };
}

type Opening = {
  readonly registryId: string;
  readonly wanted: readonly WantedLayer[];
  readonly findTable: SociTables;
  readonly store: Pick<LayerStore, 'open'>;
  readonly client: BlobClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Opens all layers at once, as far as the store lets them, and stacks them. */
class Opener {
  readonly #opening: Opening;
  readonly #progress: OpenProgressSum;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.#progress = new OpenProgressSum(opening.wanted, () => opening.clock.now());
  }

  async *run(repository: string): AsyncGenerator<OpenEvent, OpenedImage, void> {
    const { wanted, clock, signal } = this.#opening;
    const layers = yield* whileWorking<OpenProgress, readonly ReadLayer[]>({
      clock,
      signal,
      work: (tell, signal) => this.#readAll(repository, signal, () => tell(this.#progress.snapshot())),
    });
    const totalEntryCount = layers.reduce((sum, layer) => sum + (layer?.entryCount ?? 0), 0);
    return yield* whileWorking<OpenEvent, OpenedImage>({
      clock,
      signal,
      work: (tell, signal) =>
        openImage(wanted, layers, {
          signal,
          onProgress: (entryCount) => tell({ kind: 'merging', entryCount, totalEntryCount }),
        }),
    });
  }

  async #readAll(repository: string, signal: AbortSignal, changed: () => void): Promise<readonly ReadLayer[]> {
    const { registryId, wanted, store, client, findTable } = this.#opening;
    // One that fails stops the others.
    const failing = new AbortController();
    const either = AbortSignal.any([signal, failing.signal]);
    changed();
    const read = async ({ descriptor, isForeign }: WantedLayer, index: number): Promise<ReadLayer> => {
      if (isForeign) return undefined;
      const layer = await store.open({
        client,
        repository,
        descriptor,
        registryId,
        signal: either,
        findTable: (signal) => findTable(descriptor, signal),
        onProgress: ({ readBytes, entryCount }) => {
          this.#progress.update(index, { state: 'reading', readBytes, entryCount });
          changed();
        },
      });
      this.#progress.finish(index, layer.entryCount);
      changed();
      return layer;
    };
    try {
      return await Promise.all(wanted.map(read));
    } finally {
      failing.abort();
    }
  }
}
