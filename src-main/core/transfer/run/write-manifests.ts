import pLimit from 'p-limit';
import type { Digest } from '#shared/oci/digest.ts';
import { manifestKind } from '#shared/oci/media-type.ts';
import { missingContent } from '../../registry/missing-content.ts';
import { isRegistryError } from '../../registry/transport/registry-error.ts';
import { isTemporary } from '../../registry/transport/temporary.ts';
import { readNode } from '../content/manifest-node.ts';
import type { ManifestBytes } from '../ends.ts';
import type { ManifestStep } from '../plan/plan-types.ts';
import { TransferError } from '../transfer-error.ts';
import { bringBlobs, type BringDeps } from './bring-blobs.ts';
import type { RowTask } from './row-task.ts';

/** Manifests of one index that are written at once. */
const AT_ONCE = 8;

/**
 * Writes the manifests below a root: those that name no other at once, then the indexes in their order, children first.
 * What was there when the plan was made is passed over.
 */
export async function writeChildren(
  task: RowTask,
  steps: readonly ManifestStep[],
  deps: BringDeps,
  signal: AbortSignal,
): Promise<void> {
  const isIndex = ({ digest }: ManifestStep): boolean => manifestKind(task.manifest(digest).mediaType) === 'index';
  const limit = pLimit(AT_ONCE);
  const leaves = steps.filter((step) => !isIndex(step));
  const outcomes = await Promise.allSettled(
    leaves.map((step) => limit(() => writeInOrder(task, [step], deps, signal))),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  await writeInOrder(task, steps.filter(isIndex), deps, signal);
}

/** Writes manifests one after the other; what was there when the plan was made is passed over. */
export async function writeInOrder(
  task: RowTask,
  steps: readonly ManifestStep[],
  deps: BringDeps,
  signal: AbortSignal,
): Promise<void> {
  for (const { digest, tag, isThere } of steps) {
    if (isThere) task.events.onManifest(digest, 'present');
    else await writeManifest(task, { digest, reference: tag ?? digest }, deps, signal);
  }
}

/**
 * Writes one manifest. A registry that refuses it for what it names and does not have is believed, whatever it said of
 * that before: what is missing is brought anew, once (SECURITY-CASES B09, FI15).
 */
export async function writeManifest(
  task: RowTask,
  { digest, reference }: { readonly digest: Digest; readonly reference: string },
  deps: BringDeps,
  signal: AbortSignal,
): Promise<void> {
  const { destination, events } = task;
  const onNote = (text: string) => events.onNote(`writing ${reference}: ${text}`);
  const write = { reference, manifest: task.manifest(digest), onNote, signal };
  events.onManifest(digest, 'sending');
  const put = () => naming(write.manifest, () => destination.putManifest(write));
  try {
    await put();
  } catch (error) {
    const missing = missingContent(error);
    if (missing === undefined) throw error;
    events.onNote(`${digest} was refused for what is missing there; that is brought anew`);
    await bringMissing(task, digest, missing.digests, { deps, signal });
    await put();
  }
  events.onManifest(digest, 'done');
}

/** A registry that refuses schema 1 says no more than "invalid": what it is about is known here. */
async function naming({ mediaType }: ManifestBytes, put: () => Promise<void>): Promise<void> {
  try {
    await put();
  } catch (error) {
    const isRefused = isRegistryError(error, 'registry', 'unsupported') && missingContent(error) === undefined;
    if (!isRefused || manifestKind(mediaType) !== 'schema1' || isTemporary(error)) throw error;
    throw new TransferError('schema1-refused', error.message, { cause: error });
  }
}

/** Of what the manifest names that which the registry misses; all of it when it does not say. */
async function bringMissing(
  task: RowTask,
  digest: Digest,
  named: readonly Digest[],
  { deps, signal }: { readonly deps: BringDeps; readonly signal: AbortSignal },
): Promise<void> {
  const { blobs, children } = readNode(task.manifest(digest));
  const inRow = new Set(task.recipe.blobs);
  const isMissing = (each: Digest): boolean => named.length === 0 || named.includes(each);
  const names = [...new Set([...blobs.map(({ descriptor }) => descriptor), ...children].map((each) => each.digest))];
  const wanted = names.some(isMissing) ? names.filter(isMissing) : names;
  await bringBlobs(
    task,
    wanted.filter((each) => inRow.has(each)),
    deps,
    { signal, anew: true },
  );
  const childDigests = new Set(children.map((child) => child.digest));
  for (const each of wanted) {
    if (childDigests.has(each) && !inRow.has(each)) {
      await writeManifest(task, { digest: each, reference: each }, deps, signal);
    }
  }
}
