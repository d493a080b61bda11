import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { isTag } from '#shared/oci/reference.ts';
import { digestOf } from '../../content-digest.ts';
import { MANIFEST_LIMIT_BYTES, type NewManifest } from '../store/manifests.ts';
import { ContentMissingError } from '../store/store-error.ts';
import { checkManifest, toNewManifest } from './check-manifest.ts';
import { type ManifestReference, readReference, requireReference } from './checks.ts';
import { type Exchange, readBody, sendBytes, sendEmpty } from './exchange.ts';
import type { Route } from './route.ts';
import { nameUnknown, SpecError } from './spec-error.ts';

const TAGS_LIMIT = 50;

/** GET and HEAD. Spec: OCI distribution 1.1, "Pulling manifests". */
export async function getManifest(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const { store } = exchange;
  const digest = await digestNamed(exchange, repository, readReference(argument));
  const found = digest && (await store.getManifest(repository, digest));
  if (!found) throw await absent(exchange, repository, argument);
  sendBytes(exchange, 200, found.bytes, { 'Content-Type': found.mediaType, 'Docker-Content-Digest': found.digest });
}

async function digestNamed({ store }: Exchange, repository: string, reference: ManifestReference | undefined) {
  if (reference === undefined) return undefined;
  return 'tag' in reference ? store.resolveTag(repository, reference.tag) : reference.digest;
}

/** PUT by tag or digest. Spec: OCI distribution 1.1, "Pushing Manifests". */
export async function putManifest(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const reference = requireReference(argument);
  const bytes = await readBody(exchange, MANIFEST_LIMIT_BYTES);
  const digest = digestFor(bytes, reference);
  const checked = checkManifest(bytes, exchange.request.headers['content-type']);
  const tags = tagsOf(exchange, reference);
  await storeManifest(exchange, repository, toNewManifest(bytes, digest, checked), tags);
  sendEmpty(exchange, 201, {
    Location: `/v2/${repository}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
    ...(checked.subject !== undefined && { 'OCI-Subject': checked.subject }),
    ...('digest' in reference && tags.length > 0 && { 'OCI-Tag': tags.join(', ') }),
  });
}

/** DELETE: a tag alone, or a digest with every tag that points to it. Spec: OCI distribution 1.1, "Content Management". */
export async function deleteManifest(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const { store } = exchange;
  const reference = readReference(argument);
  if (reference === undefined) throw await absent(exchange, repository, argument);
  const done =
    'tag' in reference
      ? await store.deleteTag(repository, reference.tag)
      : await store.deleteManifest(repository, reference.digest);
  if (!done) throw await absent(exchange, repository, argument);
  sendEmpty(exchange, 202);
}

/** The tag in the path, or those in `?tag=` behind a digest (in the specification's draft after 1.1). */
function tagsOf({ query }: Exchange, reference: ManifestReference): readonly string[] {
  if ('tag' in reference) return [reference.tag];
  const tags = query.getAll('tag');
  if (tags.length > TAGS_LIMIT) throw new SpecError(414, 'UNSUPPORTED', `at most ${TAGS_LIMIT} tags in one request`);
  if (tags.every(isTag)) return tags;
  throw new SpecError(400, 'NAME_INVALID', 'not a tag');
}

async function absent({ store }: Exchange, repository: string, reference: string): Promise<SpecError> {
  if (!(await store.hasRepository(repository))) return nameUnknown(repository);
  return new SpecError(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { detail: { reference } });
}

function digestFor(bytes: Uint8Array, reference: ManifestReference): Digest {
  if ('tag' in reference) return digestOf(bytes);
  const actual = digestOf(bytes, digestAlgorithm(reference.digest));
  if (actual === reference.digest) return actual;
  throw new SpecError(400, 'DIGEST_INVALID', 'the content does not match the digest', {
    detail: { expected: reference.digest, actual },
  });
}

/** Turns what the store refuses into an answer. */
async function storeManifest(exchange: Exchange, repository: string, manifest: NewManifest, tags: readonly string[]) {
  try {
    await exchange.store.putManifest(repository, manifest, tags);
  } catch (error) {
    if (!(error instanceof ContentMissingError)) throw error;
    const { what, digest } = error;
    const code = what === 'blob' ? 'MANIFEST_BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN';
    throw new SpecError(404, code, `a ${what} that the manifest names is not there`, { detail: { digest } });
  }
}
