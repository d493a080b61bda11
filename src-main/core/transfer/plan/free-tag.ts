import { type Digest, shortDigest } from '#shared/oci/digest.ts';

const MAX_TAG = 128;
const TRIES = 4;

/** A tag beside `tag` that nobody uses: `1.2-2`, `1.2-3` …, at last with the digest in it; undefined when all are taken. */
export async function findFreeTag(
  tag: string,
  digest: Digest,
  isFree: (tag: string) => Promise<boolean>,
): Promise<string | undefined> {
  const numbers = Array.from({ length: TRIES }, (_, index) => String(index + 2));
  for (const suffix of [...numbers, shortDigest(digest)]) {
    const candidate = `${tag.slice(0, MAX_TAG - suffix.length - 1)}-${suffix}`;
    if (await isFree(candidate)) return candidate;
  }
  return undefined;
}
