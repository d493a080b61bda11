import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { ConflictError } from '../../gantry-error.ts';
import { createKeyedLock } from '../../keyed-lock.ts';
import type { AddedReferrer, RegistryWarning } from '../registry-client.ts';
import { isObject } from '../transport/is-object.ts';
import { parseJson } from '../transport/json.ts';
import { isRegistryError, RegistryError, type RequestTrace } from '../transport/registry-error.ts';
import type { Retrier } from '../transport/retry.ts';
import type { RemoteContext } from './context.ts';
import { fallbackTagOf } from './fallback-tag.ts';
import { fetchManifest } from './manifests.ts';
import { pushManifest } from './push-manifest.ts';
import { isReferrerIndex } from './referrer-list.ts';
import type { ReferrerLister } from './referrers.ts';

type AddContext = RemoteContext & { readonly retrier: Retrier };

export type AddReferrerCall = {
  readonly repository: string;
  readonly subject: Digest;
  readonly referrer: Descriptor;
  readonly signal?: AbortSignal;
};

export type ReferrerAdder = (context: AddContext, call: AddReferrerCall) => Promise<AddedReferrer>;

/** What is under the fallback tag: every entry as it came, whoever wrote it. */
type Listed = { readonly index: Readonly<Record<string, unknown>>; readonly entries: readonly unknown[] };
type Found = { readonly listed: Listed; readonly digest: Digest | undefined; readonly etag: string | undefined };

/** Writers that get in between so often are not a coincidence. */
const MAX_ROUNDS = 5;

/**
 * Adds to the list of referrers under the tag `sha256-…`, where the registry has no API for it. There is no way to change
 * a tag only if nobody else has, but with an ETag: so the list is read, added to, written, and read again, one writer at a
 * time in this process; an entry that another writer has lost on the way is put in again, as theirs are kept.
 * Spec: OCI Distribution 1.1, "Pushing Manifests with Subject", "Referrers Tag Schema"; SECURITY-CASES F02, F03.
 */
export function createReferrerAdder(list: ReferrerLister): ReferrerAdder {
  const lock = createKeyedLock();
  return async (context, call) => {
    const { repository, subject, signal } = call;
    const page = await list(context, { repository, digest: subject, ...(signal === undefined ? {} : { signal }) });
    if (page.source === 'api') return { by: 'api', warnings: [] };
    return lock(`${repository}@${subject}`, () => addUnderTag(context, call));
  };
}

async function addUnderTag(context: AddContext, call: AddReferrerCall): Promise<AddedReferrer> {
  const { repository, subject, referrer, signal } = call;
  const tag = fallbackTagOf(subject);
  let written: Digest | undefined;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    signal?.throwIfAborted();
    const { listed, digest, etag } = await readListed(context, call, tag);
    if (holds(listed, referrer.digest)) {
      const wasMerged = round > 2 || (written !== undefined && written !== digest);
      return { by: 'tag', ...(written === undefined ? {} : { digest: written }), warnings: wasMerged ? [MERGED] : [] };
    }
    const bytes = Buffer.from(JSON.stringify(withEntry(listed, referrer)));
    const common = { repository, reference: tag, bytes, mediaType: MEDIA_TYPE.ociIndex };
    const push = {
      ...common,
      ...(etag === undefined ? {} : { ifMatch: etag }),
      ...(signal === undefined ? {} : { signal }),
    };
    written = (await pushUnlessChanged(context, push)) ?? written;
  }
  throw new ConflictError(`the list of referrers under ${tag} is changed by others all the time`);
}

const MERGED: RegistryWarning = {
  source: 'gantry',
  text: 'Somebody else changed the list of referrers at the same time; both changes are in it.',
};

/** Undefined when it is not what it was any more. */
async function pushUnlessChanged(
  context: AddContext,
  call: Parameters<typeof pushManifest>[1],
): Promise<Digest | undefined> {
  try {
    return (await pushManifest(context, call)).digest;
  } catch (error) {
    if (isRegistryError(error) && error.trace?.status === 412) return undefined;
    throw error;
  }
}

/** @throws {RegistryError} `unsupported{referrers}` when it is anything that must not be written over */
async function readListed(
  context: AddContext,
  { repository, subject, signal }: AddReferrerCall,
  tag: string,
): Promise<Found> {
  const call = { repository, reference: tag, ...(signal === undefined ? {} : { signal }) };
  try {
    const { manifest, etag } = await fetchManifest(context, call);
    const trace: RequestTrace = { method: 'GET', url: tag, hop: 'registry' };
    // GitLab resolves this tag to the digest itself: writing to it would lose nothing, and list nothing (oras-go#1396).
    if (manifest.digest === subject) throw notOurs(`the tag ${tag} leads to the image itself`, trace);
    const body: unknown = manifest.mediaType === MEDIA_TYPE.ociIndex ? parseJson(manifest.bytes, trace) : undefined;
    if (!isObject(body) || !isReferrerIndex(body)) throw notOurs(`the tag ${tag} is no list of referrers`, trace);
    return { listed: { index: body, entries: body.manifests ?? [] }, digest: manifest.digest, etag };
  } catch (error) {
    if (!isRegistryError(error, 'not-found')) throw error;
    return { listed: { index: EMPTY_INDEX, entries: [] }, digest: undefined, etag: undefined };
  }
}

const EMPTY_INDEX = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex } as const;

function notOurs(detail: string, trace: RequestTrace): RegistryError {
  return new RegistryError({ kind: 'unsupported', feature: 'referrers', detail }, trace);
}

function holds({ entries }: Listed, digest: Digest): boolean {
  return entries.some((entry) => isObject(entry) && entry['digest'] === digest);
}

function withEntry(
  { index, entries }: Listed,
  { mediaType, digest, sizeBytes, artifactType, annotations }: Descriptor,
) {
  const entry = {
    mediaType,
    digest,
    size: sizeBytes,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
  };
  return { ...index, manifests: [...entries, entry] };
}
