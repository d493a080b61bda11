import { LRUCache } from 'lru-cache';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { joinableKey } from '../registry/join-flight.ts';
import type { FetchedManifest, RegistryClient } from '../registry/registry-client.ts';
import { createHearers } from '../hearers.ts';
import { createSingleFlight } from '../single-flight.ts';
import { hasDigest, readInlineData } from './inline-data.ts';

const MIB = 1024 * 1024;
const DEFAULT_CAPACITY_BYTES = 32 * MIB;
/** Larger blobs are layers, which nobody reads whole into memory. */
const MAX_BLOB_BYTES = 4 * MIB;
/** What an entry costs beside its bytes: key, object, bookkeeping. An estimate, so that empty blobs are not free. */
const ENTRY_OVERHEAD_BYTES = 512;

export type DigestCacheOptions = {
  /** 32 MiB when absent. */
  readonly capacityBytes?: number;
};

/** The repository is part of the key: what one of them holds says nothing on whether another may be read. */
function keyOf(repository: string, digest: Digest): string {
  return `${repository}@${digest}`;
}

/**
 * The same client with a memory for what can never change: manifests by digest and whole blobs of at most 4 MiB,
 * the least recently used going first. Equal requests under way at once are sent once; a caller that aborts fails
 * alone. Tags are always asked anew, but what they lead to is remembered. Bytes are hashed again before they are
 * kept, and failures never are. A blob that its descriptor carries inline, and truly so, is not asked for. Closing it
 * forgets all and closes the client.
 */
export function withDigestCache(client: RegistryClient, options: DigestCacheOptions = {}): RegistryClient {
  const maxSize = Math.ceil((options.capacityBytes ?? DEFAULT_CAPACITY_BYTES) / 2);
  const manifests = new LRUCache<string, FetchedManifest>({
    maxSize,
    sizeCalculation: ({ bytes }) => bytes.length + ENTRY_OVERHEAD_BYTES,
  });
  const blobs = new LRUCache<string, Uint8Array>({
    maxSize,
    sizeCalculation: (bytes) => bytes.length + ENTRY_OVERHEAD_BYTES,
  });
  const manifestFlights = createSingleFlight<FetchedManifest>();
  const blobFlights = createSingleFlight<Uint8Array>();
  // All who wait for a blob hear how far it is, whoever asked first.
  const hearers = createHearers<number>();

  const rememberManifest = (repository: string, manifest: FetchedManifest): FetchedManifest => {
    // What a digest names does not depend on how its tag was looked up.
    const { offline: _offline, ...content } = manifest;
    if (hasDigest(manifest.bytes, manifest.digest)) manifests.set(keyOf(repository, manifest.digest), content);
    return manifest;
  };

  const getManifest: RegistryClient['getManifest'] = async (call) => {
    const { repository, reference, signal, priority } = call;
    if (!isDigest(reference)) return rememberManifest(repository, await client.getManifest(call));
    signal?.throwIfAborted();
    const key = keyOf(repository, reference);
    const known = manifests.get(key);
    if (known !== undefined) return known;
    const start = async (shared: AbortSignal): Promise<FetchedManifest> =>
      rememberManifest(repository, await client.getManifest({ ...call, signal: shared }));
    return manifestFlights.run(joinableKey(manifestFlights, key, priority), start, signal);
  };

  const getBlob: RegistryClient['getBlob'] = async (call) => {
    const { repository, descriptor, signal, priority, limitBytes = MAX_BLOB_BYTES } = call;
    const inline = readInlineData(descriptor);
    if (inline.state === 'verified' && inline.bytes.length <= limitBytes) return inline.bytes;
    // What is over a bound, the caller's or ours, is refused or read by the client itself.
    if (descriptor.sizeBytes > Math.min(limitBytes, MAX_BLOB_BYTES)) return client.getBlob(call);
    signal?.throwIfAborted();
    // The size is part of the key: the right digest under a wrong size must fail here as it does in the client.
    const key = `${keyOf(repository, descriptor.digest)} ${descriptor.sizeBytes}`;
    const known = blobs.get(key);
    if (known !== undefined) return known;
    const onProgress = (readBytes: number): void => hearers.tell(key, readBytes);
    const start = async (shared: AbortSignal): Promise<Uint8Array> => {
      const bytes = await client.getBlob({ ...call, signal: shared, onProgress });
      if (bytes.length === descriptor.sizeBytes && hasDigest(bytes, descriptor.digest)) blobs.set(key, bytes);
      return bytes;
    };
    return hearers.during(key, call.onProgress, () =>
      blobFlights.run(joinableKey(blobFlights, key, priority), start, signal),
    );
  };

  return {
    ...client,
    getManifest,
    getBlob,
    close: async () => {
      manifests.clear();
      blobs.clear();
      await client.close();
    },
  };
}
