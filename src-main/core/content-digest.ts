import { createHash } from 'node:crypto';
import { type Digest, type DigestAlgorithm, parseDigest } from '#shared/oci/digest.ts';
import { openRegular } from './files.ts';

/** The digest of bytes in memory. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`);
}

/** The digest of a regular file; undefined when it is not there. */
export async function digestOfFile(path: string, algorithm: DigestAlgorithm): Promise<Digest | undefined> {
  const handle = await openRegular(path);
  if (handle === undefined) return undefined;
  const hash = createHash(algorithm);
  for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return parseDigest(`${algorithm}:${hash.digest('hex')}`);
}
