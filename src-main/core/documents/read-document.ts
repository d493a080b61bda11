import { LRUCache } from 'lru-cache';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseManifest, type Manifest } from '#shared/oci/manifest.ts';
import type { RegistryClient, RegistryWarning } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/transport/registry-error.ts';
import { createSlices } from '../slices.ts';
import { decodeInWorker } from './decode-in-worker.ts';
import type { Decoded, SbomPackage } from './document.ts';

const LIMIT_BYTES = 64 * 1024 * 1024;
const KEPT = 6;

/** A blob of a manifest. */
export type DocumentCall = {
  readonly client: Pick<RegistryClient, 'getManifest' | 'getBlob'>;
  readonly repository: string;
  readonly digest: Digest;
  readonly blob: Digest;
  readonly signal?: AbortSignal;
  /** Hears how many bytes of the blob have come; of one that is known already nothing. */
  readonly onProgress?: (progress: DocumentProgress) => void;
};

export type DocumentProgress = { readonly readBytes: number; readonly totalBytes: number };

export type ReadDocument = Decoded & {
  readonly descriptor: Descriptor;
  readonly warnings: readonly RegistryWarning[];
};

export type DocumentReader = {
  /** @throws {RegistryError} as the client, and `not-found{blob}` when the manifest has no such blob; {OciError} */
  read(call: DocumentCall): Promise<ReadDocument>;
  /** Packages whose name, version, licence or purl has the query in it, in any case; by name. */
  packages(call: DocumentCall & { readonly query: string }): Promise<readonly SbomPackage[]>;
};

/**
 * Reads documents of at most 64 MiB. The last few are kept decoded, and given out only to who may read the manifest
 * that names them: it is asked for each time, and kept where manifests are.
 */
export function createDocumentReader(): DocumentReader {
  const kept = new LRUCache<string, Decoded>({ max: KEPT });
  const read = async (call: DocumentCall): Promise<ReadDocument> => {
    const { client, repository, digest, blob, signal } = call;
    const given = signal === undefined ? {} : { signal };
    const manifest = await client.getManifest({ repository, reference: digest, ...given });
    const descriptor = findBlob(parseManifest(manifest.bytes, manifest.mediaType), blob);
    const key = JSON.stringify([blob, descriptor.mediaType, descriptor.annotations]);
    const known = kept.get(key);
    if (known !== undefined) return { ...known, descriptor, warnings: manifest.warnings };
    const onProgress = (readBytes: number): void => call.onProgress?.({ readBytes, totalBytes: descriptor.sizeBytes });
    const bytes = await client.getBlob({ repository, descriptor, limitBytes: LIMIT_BYTES, onProgress, ...given });
    const decoded = await decodeInWorker(bytes, descriptor, signal);
    kept.set(key, decoded);
    return { ...decoded, descriptor, warnings: manifest.warnings };
  };
  return {
    read,
    packages: async (call) => {
      const { packages } = await read(call);
      const query = call.query.toLowerCase();
      if (query === '') return packages;
      const found: SbomPackage[] = [];
      await createSlices(call.signal).each(packages.length, (index) => {
        const one = packages[index];
        if (one !== undefined && isMatch(one, query)) found.push(one);
      });
      return found;
    },
  };
}

function findBlob(manifest: Manifest, blob: Digest): Descriptor {
  const all = manifest.kind === 'image' ? manifest.layers : manifest.kind === 'artifact' ? manifest.blobs : [];
  const found = all.find(({ digest }) => digest === blob);
  if (found === undefined) throw new RegistryError({ kind: 'not-found', what: 'blob', codes: [] });
  return found;
}

function isMatch({ name, version, license, purl }: SbomPackage, query: string): boolean {
  return [name, version, license, purl].some((text) => text?.toLowerCase().includes(query) === true);
}
