import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { ManifestBytes, PutBlob } from '../../transfer/ends.ts';

type Call = { readonly signal: AbortSignal };
type Sized = Pick<Descriptor, 'digest' | 'sizeBytes'>;

/** Where an archive that is being written keeps its blobs, manifests among them. What it has, it has verified. */
export type BlobSink = {
  has(blob: Sized, call: Call): Promise<boolean>;
  /** Writes a blob, unless it is there; goes on where an earlier call for it failed. */
  put(call: PutBlob): Promise<'present' | 'sent'>;
  putBytes(manifest: Pick<ManifestBytes, 'bytes' | 'digest'>, call: Call): Promise<void>;
  /** Bytes that are kept for another try. */
  keptBytes(): number;
};
