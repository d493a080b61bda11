import { Readable } from 'node:stream';
import type { Digest } from '#shared/oci/digest.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import type { ContentDestination, ContentSource, EndOpener, ManifestBytes } from '#main/core/transfer/ends.ts';
import { type Built, type BuiltImage, digestOf } from './oci-builder.ts';

/** One repository of a registry without a registry, as both ends of a transfer; notes what is asked of it. */
export type MemoryEnd = {
  readonly source: ContentSource;
  readonly destination: ContentDestination;
  /** `get 1`, `head 1`, `blob sha256:…`, `has sha256:…`, `put 1`. */
  readonly asked: readonly string[];
  readonly tags: Map<string, Digest>;
  readonly manifests: Map<Digest, ManifestBytes>;
  readonly blobs: Map<Digest, Uint8Array>;
  put(built: Built, ...tags: readonly string[]): void;
  putImage(image: BuiltImage, ...tags: readonly string[]): void;
};

export function createMemoryEnd(repository: string, registryKey = 'memory'): MemoryEnd {
  const tags = new Map<string, Digest>();
  const manifests = new Map<Digest, ManifestBytes>();
  const blobs = new Map<Digest, Uint8Array>();
  const asked: string[] = [];
  const ask = async (what: string, signal: AbortSignal): Promise<void> => {
    asked.push(what);
    await new Promise((resolve) => void setImmediate(resolve));
    signal.throwIfAborted();
  };
  const digestAt = (reference: string): Digest | undefined => (isDigest(reference) ? reference : tags.get(reference));
  const absent = (what: 'manifest' | 'blob') => new RegistryError({ kind: 'not-found', what, codes: [] });
  const end = { kind: 'registry', name: `memory/${repository}`, place: { registryKey, repository } } as const;
  const source: ContentSource = {
    ...end,
    getManifest: async (reference, { signal }) => {
      await ask(`get ${reference}`, signal);
      const digest = digestAt(reference);
      const manifest = digest === undefined ? undefined : manifests.get(digest);
      if (manifest === undefined) throw absent('manifest');
      return manifest;
    },
    headManifest: async (reference, { signal }) => {
      await ask(`head ${reference}`, signal);
      return digestAt(reference);
    },
    openBlob: async ({ digest }, { startByte, signal }) => {
      await ask(`blob ${digest}`, signal);
      const bytes = blobs.get(digest);
      if (bytes === undefined) throw absent('blob');
      return Readable.from([Buffer.from(bytes.subarray(startByte))]);
    },
    listReferrers: async (digest, { signal }) => {
      await ask(`referrers ${digest}`, signal);
      return [];
    },
    close: () => Promise.resolve(),
  };
  const destination: ContentDestination = {
    ...end,
    headManifest: async (reference, { signal }) => {
      await ask(`head ${reference}`, signal);
      const digest = digestAt(reference);
      return digest !== undefined && manifests.has(digest) ? digest : undefined;
    },
    hasBlob: async ({ digest }, { signal }) => {
      await ask(`has ${digest}`, signal);
      return blobs.has(digest);
    },
    putBlob: async ({ descriptor, open, signal, onProgress }) => {
      await ask(`upload ${descriptor.digest}`, signal);
      const chunks: Buffer[] = [];
      for await (const chunk of await open(0, signal)) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      onProgress?.(bytes.length);
      blobs.set(descriptor.digest, bytes);
      return 'sent';
    },
    putManifest: async ({ reference, manifest, signal }) => {
      await ask(`put ${reference}`, signal);
      manifests.set(manifest.digest, manifest);
      if (!isDigest(reference)) tags.set(reference, manifest.digest);
    },
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const put: MemoryEnd['put'] = ({ bytes, descriptor }, ...names) => {
    const digest = digestOf(bytes);
    manifests.set(digest, { bytes, digest, mediaType: descriptor.mediaType });
    for (const name of names) tags.set(name, digest);
  };
  return {
    source,
    destination,
    asked,
    tags,
    manifests,
    blobs,
    put,
    putImage: (image, ...names) => {
      for (const { bytes } of [image.config, ...image.layers]) blobs.set(digestOf(bytes), bytes);
      put(image, ...names);
    },
  };
}

/** Opens ends by the registry's id. */
export function openerOf(ends: Readonly<Record<string, MemoryEnd>>): EndOpener {
  const find = (ref: Parameters<EndOpener['openSource']>[0]): MemoryEnd => {
    const end = ref.kind === 'registry' ? ends[ref.registryId] : undefined;
    if (end === undefined) throw new RegistryError({ kind: 'not-found', what: 'repository', codes: [] });
    return end;
  };
  return {
    openSource: (ref) => Promise.resolve().then(() => find(ref).source),
    openDestination: (ref) => Promise.resolve().then(() => find(ref).destination),
  };
}
