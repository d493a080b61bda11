import { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { FetchedManifest, RegistryClient, RegistryWarning } from '#main/core/registry/registry-client.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { type Built, type BuiltImage, digestOf } from './oci-builder.ts';

/**
 * A `RegistryClient` without a registry, for tests of what is built on one: it serves what was put in, notes each
 * request as `manifest REFERENCE` or `blob DIGEST`, and can hold answers back. It verifies blobs as the real one does.
 */
export type MemoryRegistry = {
  readonly client: RegistryClient;
  readonly requests: readonly string[];
  /** Serves a manifest by its digest and by each tag. */
  put(built: Built, ...tags: readonly string[]): Digest;
  /** Serves an image's manifest, config and layers. */
  putImage(image: BuiltImage, ...tags: readonly string[]): Digest;
  putBlob(built: Built): Digest;
  /** Serves other bytes, or another media type, under a digest than belong to it. */
  replace(digest: string, bytes: Uint8Array): void;
  warnWith(...warnings: readonly RegistryWarning[]): void;
  /** Answers wait from now on; the function lets them go. */
  hold(): () => void;
  /** Requests whose signal was aborted while they were under way. */
  readonly abortedCount: () => number;
  readonly isClosed: () => boolean;
};

type Stored = { readonly bytes: Uint8Array; readonly mediaType: string };

function notFound(what: 'manifest' | 'blob'): RegistryError {
  return new RegistryError({ kind: 'not-found', what, codes: [] });
}

function cancelled(): RegistryError {
  return new RegistryError({ kind: 'cancelled' });
}

function checkBlob(bytes: Uint8Array, descriptor: Descriptor): Uint8Array {
  const actual = digestOf(bytes);
  if (actual !== descriptor.digest) {
    throw new RegistryError({ kind: 'digest-mismatch', expected: descriptor.digest, actual });
  }
  if (bytes.length !== descriptor.sizeBytes) {
    throw new RegistryError({ kind: 'protocol', reason: 'bad-size', detail: `${bytes.length} bytes` });
  }
  return bytes;
}

export function createMemoryRegistry(): MemoryRegistry {
  const manifests = new Map<string, Stored>();
  const blobs = new Map<string, Uint8Array>();
  const requests: string[] = [];
  let warnings: readonly RegistryWarning[] = [];
  let gate: Promise<void> = Promise.resolve();
  let closed = false;
  let aborted = 0;

  const answer = async (request: string, signal: AbortSignal | undefined): Promise<void> => {
    requests.push(request);
    const abort = Promise.withResolvers<void>();
    signal?.addEventListener('abort', () => abort.resolve(), { once: true });
    if (signal?.aborted === true) abort.resolve();
    await Promise.race([gate, abort.promise]);
    if (signal?.aborted !== true) return;
    aborted += 1;
    throw cancelled();
  };
  const unused = (): never => {
    throw new Error('not served by the memory registry');
  };

  const client: RegistryClient = {
    connection: { host: 'memory.example', plainHttp: false, skipVerification: false },
    presence: { heardSince: () => true, check: () => Promise.resolve() },
    ping: () => answer('ping', undefined),
    listRepositories: unused,
    listTags: unused,
    headManifest: unused,
    async getManifest({ reference, signal }): Promise<FetchedManifest> {
      await answer(`manifest ${reference}`, signal);
      const stored = manifests.get(reference);
      if (stored === undefined) throw notFound('manifest');
      return { ...stored, digest: digestOf(stored.bytes), warnings };
    },
    async getBlob({ descriptor, signal, limitBytes = 4 * 1024 * 1024 }): Promise<Uint8Array> {
      await answer(`blob ${descriptor.digest}`, signal);
      if (descriptor.sizeBytes > limitBytes) throw new RegistryError({ kind: 'too-large', limitBytes, what: 'blob' });
      const bytes = blobs.get(descriptor.digest);
      if (bytes === undefined) throw notFound('blob');
      return checkBlob(bytes, descriptor);
    },
    async openBlob({ descriptor, signal }) {
      return Readable.from([await client.getBlob({ repository: '', descriptor, ...(signal && { signal }) })]);
    },
    openBlobAt: unused,
    headBlob: unused,
    pushBlob: unused,
    cancelUpload: unused,
    pushManifest: unused,
    addReferrer: unused,
    listReferrers: unused,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };

  const put = ({ bytes, descriptor }: Built, ...tags: readonly string[]): Digest => {
    const stored = { bytes, mediaType: descriptor.mediaType };
    for (const reference of [descriptor.digest, ...tags]) manifests.set(reference, stored);
    return digestOf(bytes);
  };
  const putBlob = ({ bytes }: Built): Digest => {
    blobs.set(digestOf(bytes), bytes);
    return digestOf(bytes);
  };

  return {
    client,
    requests,
    put,
    putBlob,
    putImage: (image, ...tags) => {
      for (const blob of [image.config, ...image.layers]) putBlob(blob);
      return put(image, ...tags);
    },
    replace: (digest, bytes) => {
      const manifest = manifests.get(digest);
      if (manifest !== undefined) manifests.set(digest, { ...manifest, bytes });
      if (blobs.has(digest)) blobs.set(digest, bytes);
    },
    warnWith: (...texts) => {
      warnings = texts;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    abortedCount: () => aborted,
    isClosed: () => closed,
  };
}
