import { type Digest, digestAlgorithm, digestHex } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { digestOf } from '../content-digest.ts';
import { ArchiveError } from '../gantry-error.ts';
import type { ArchiveFiles } from './files/archive-files.ts';

/** As for registries: SECURITY-CASES V11. */
export const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;
export const CONFIG_LIMIT_BYTES = 4 * 1024 * 1024;
/** `manifest.json` and `repositories` of docker (T16). */
export const LIST_LIMIT_BYTES = 8 * 1024 * 1024;

type Call = { readonly signal: AbortSignal };

/** Where a layout keeps what has this digest. Spec: OCI image 1.1, image-layout.md, "Blobs". */
export function blobPath(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}

/** Runs a parser over a document of an archive. @throws {ArchiveError} `bad-document` for what it refuses */
export function parseDocument<T>(archive: string, path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    throw new ArchiveError('bad-document', archive, `${path}: ${error.message}`, { cause: error });
  }
}

/** A manifest or config by its digest. @throws {ArchiveError} `missing-blob`, `too-large`, `damaged` */
export async function readVerified(
  files: ArchiveFiles,
  digest: Digest,
  limitBytes: number,
  call: Call,
): Promise<Uint8Array> {
  const path = blobPath(digest);
  const bytes = await files.readSmall(path, limitBytes, call);
  if (digestOf(bytes, digestAlgorithm(digest)) !== digest) throw new ArchiveError('damaged', files.name, path);
  return bytes;
}
