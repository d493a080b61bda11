import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { MAX_TOC_BYTES, MAX_TOC_JSON_BYTES } from '../limits.ts';

/** A table of contents of a blob. One that is inside of it is looked for only where the manifest vouches for it by a digest. */
export type PublishedToc =
  /** At the end of a gzip blob; the digest is that of the JSON. */
  | { readonly format: 'estargz'; readonly digest: Digest }
  /** In a skippable frame of a zstd blob; the digest is that of the compressed JSON. */
  | {
      readonly format: 'zstd:chunked';
      readonly digest: Digest;
      readonly startByte: number;
      readonly endByte: number;
      readonly jsonBytes: number;
    }
  /** A blob of its own, which a SOCI index names. */
  | {
      readonly format: 'soci';
      readonly digest: Digest;
      readonly descriptor: Descriptor;
      /** The manifest names the SOCI index; else the index only says that it is about the manifest, as anybody could. */
      readonly isVouched: boolean;
    };

const ESTARGZ_DIGEST = 'containerd.io/snapshot/stargz/toc.digest';
/** Now, and as the first programs wrote it. */
const CHUNKED = ['io.github.containers.zstd-chunked.', 'io.containers.zstd-chunked.'] as const;
/** Of offset, compressed and uncompressed length; the last number is the kind of table, of which there is one. */
const POSITION = /^(\d{1,15}):(\d{1,15}):(\d{1,15}):1$/;

/**
 * Spec: eStargz ("TOC digest" annotation); containers/storage, zstd:chunked annotations. Undefined when nothing is
 * published or what is said of it cannot be.
 */
export function findTocInside({ annotations, sizeBytes }: Descriptor): PublishedToc | undefined {
  const said = new Map(annotations);
  const estargz = said.get(ESTARGZ_DIGEST);
  if (estargz !== undefined && isSha256(estargz)) return { format: 'estargz', digest: estargz };
  for (const prefix of CHUNKED) {
    const digest = said.get(`${prefix}manifest-checksum`) ?? '';
    const [, offset, length, jsonLength] = POSITION.exec(said.get(`${prefix}manifest-position`) ?? '') ?? [];
    const startByte = Number(offset);
    const endByte = startByte + Number(length);
    const jsonBytes = Number(jsonLength);
    const fits = endByte <= sizeBytes && endByte - startByte <= MAX_TOC_BYTES && jsonBytes <= MAX_TOC_JSON_BYTES;
    if (isSha256(digest) && fits) return { format: 'zstd:chunked', digest, startByte, endByte, jsonBytes };
  }
  return undefined;
}

/** True for one that the manifest gives the digest of. */
export function isVouched(toc: PublishedToc): boolean {
  return toc.format !== 'soci' || toc.isVouched;
}

function isSha256(text: string): text is Digest {
  return isDigest(text) && text.startsWith('sha256:');
}
