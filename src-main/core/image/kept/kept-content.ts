import { z } from 'zod';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { FetchedManifest } from '../../registry/registry-client.ts';
import { hasDigest } from '../inline-data.ts';
import type { Shelf } from './shelf.ts';

/** Larger blobs are layers. */
export const MAX_KEPT_BLOB_BYTES = 4 * 1024 * 1024;

/** Content that can never change, by repository and digest. Hashed before it is written and again when it is read. */
export type KeptContent = {
  manifest(repository: string, digest: Digest): (FetchedManifest & { readonly seenAt: number }) | undefined;
  keepManifest(repository: string, manifest: FetchedManifest): void;
  blob(repository: string, descriptor: Descriptor): Uint8Array | undefined;
  keepBlob(repository: string, descriptor: Descriptor, bytes: Uint8Array): void;
};

const noteSchema = z.object({
  mediaType: z.string(),
  warnings: z.array(z.object({ source: z.enum(['registry', 'gantry']), text: z.string() })),
});

/** The repository is part of the key: what one of them holds says nothing on whether another may be read. */
const keyOf = (repository: string, digest: Digest): string => `${repository}@${digest}`;

/** A copy that is not what its digest says (SECURITY-CASES K03) is dropped, and so fetched anew. */
export function keptContent(shelf: Shelf): KeptContent {
  const verified = (kind: string, repository: string, digest: Digest) => {
    const key = keyOf(repository, digest);
    const entry = shelf.get(kind, key);
    if (entry === undefined || hasDigest(entry.value, digest)) return entry;
    shelf.drop(kind, key);
    return undefined;
  };
  return {
    manifest: (repository, digest) => {
      const entry = verified('manifest', repository, digest);
      const note = entry === undefined ? undefined : noteOf(entry.note);
      return entry === undefined || note === undefined
        ? undefined
        : { ...note, bytes: entry.value, digest, seenAt: entry.seenAt };
    },
    keepManifest: (repository, { bytes, digest, mediaType, warnings }) => {
      // Not so for signed schema 1, whose digest is of its payload.
      if (!hasDigest(bytes, digest)) return;
      shelf.put('manifest', keyOf(repository, digest), bytes, JSON.stringify({ mediaType, warnings }));
    },
    blob: (repository, { digest, sizeBytes }) => {
      const entry = verified('blob', repository, digest);
      return entry?.value.length === sizeBytes ? entry.value : undefined;
    },
    keepBlob: (repository, { digest, sizeBytes }, bytes) => {
      if (bytes.length !== sizeBytes || bytes.length > MAX_KEPT_BLOB_BYTES || !hasDigest(bytes, digest)) return;
      shelf.put('blob', keyOf(repository, digest), bytes);
    },
  };
}

function noteOf(note: string): z.infer<typeof noteSchema> | undefined {
  try {
    return noteSchema.safeParse(JSON.parse(note)).data;
  } catch {
    return undefined;
  }
}
