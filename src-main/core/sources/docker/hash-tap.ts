import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';

/** A step of a pipeline that hashes and counts what passes through. */
export type HashTap = {
  readonly tap: Transform;
  /** Of all that has passed; to be asked once, at the end. */
  digest(): Digest;
  sizeBytes(): number;
};

/** SHA-256 of what passes. */
export function hashInto(): HashTap {
  const hash = createHash('sha256');
  let size = 0;
  return {
    tap: new Transform({
      highWaterMark: 1024 * 1024,
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        hash.update(chunk);
        done(null, chunk);
      },
    }),
    digest: () => parseDigest(`sha256:${hash.digest('hex')}`),
    sizeBytes: () => size,
  };
}
