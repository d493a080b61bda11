import type { Digest } from '#shared/oci/digest.ts';
import { type Manifest, parseManifest } from '#shared/oci/manifest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import type { ManifestBytes } from '../../transfer/ends.ts';
import { asWritten } from './as-written.ts';

/** What an archive is going to list: a manifest with the names it was put under, none for what is only referred to. */
export type Listed = {
  readonly manifest: ManifestBytes;
  readonly parsed: Manifest | undefined;
  readonly names: readonly string[];
};

export type ListedManifests = {
  add(reference: string, manifest: ManifestBytes): void;
  get(reference: string): Digest | undefined;
  byDigest(digest: Digest): Manifest | undefined;
  /** Everything with a name, and what is no child of an index: referrers, and images without a name. */
  list(): readonly Listed[];
};

/** Keeps the manifests of one archive in the order they came. A name moves to the manifest that took it last. */
export function createListedManifests(): ListedManifests {
  const manifests = new Map<Digest, { readonly manifest: ManifestBytes; readonly parsed: Manifest | undefined }>();
  const names = new Map<string, Digest>();
  return {
    add: (reference, manifest) => {
      manifests.set(manifest.digest, { manifest, parsed: tryParse(manifest) });
      if (reference !== manifest.digest) names.set(reference, manifest.digest);
    },
    get: (reference) => names.get(reference) ?? [...manifests.keys()].find((digest) => digest === reference),
    byDigest: (digest) => manifests.get(digest)?.parsed,
    list: () => {
      const children = new Set<string>();
      for (const { parsed } of manifests.values()) {
        if (parsed?.kind === 'index') for (const { digest } of parsed.manifests) children.add(digest);
      }
      return [...manifests.values()].flatMap(({ manifest, parsed }) => {
        const own = [...names].flatMap(([name, digest]) => (digest === manifest.digest ? [name] : []));
        return own.length > 0 || !children.has(manifest.digest)
          ? [{ manifest: asWritten(manifest), parsed, names: own }]
          : [];
      });
    },
  };
}

/** What cannot be read is written all the same: it is copied as it is. */
function tryParse({ bytes, mediaType }: ManifestBytes): Manifest | undefined {
  try {
    return parseManifest(bytes, mediaType);
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}
