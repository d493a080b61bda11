import type { Digest } from '#shared/oci/digest.ts';
import type { KeyedLock } from '../../keyed-lock.ts';
import { raceAbort } from '../../race-abort.ts';
import type { ContentDestination } from '../ends.ts';
import { bringBlobs, type BringDeps } from './bring-blobs.ts';
import type { RowEnd, RowTask } from './row-task.ts';
import { isNameOf } from './same-manifest.ts';
import { sourceMovedTo } from './source-moved.ts';
import { writeChildren, writeInOrder, writeManifest } from './write-manifests.ts';

export type RowDeps = BringDeps & {
  /** Whoever writes a tag does so alone, among all transfers of this process (SECURITY-CASES C04). */
  readonly lockTag: KeyedLock;
};

/**
 * Copies one image: blobs, then the manifests below the root, then the root, then what refers to it, and its tag last;
 * so a tag is the old image or the whole new one at any moment (I-TAG). A tag that holds the image already is not written
 * again, since some registries let nobody write a tag twice. One that holds something unexpected is a conflict, unless
 * the person said that it may go.
 * @throws what the ends throw
 */
export async function runRow(task: RowTask, deps: RowDeps, signal: AbortSignal): Promise<RowEnd> {
  const { recipe, events } = task;
  const { tag, resultDigest, keptTags } = recipe;
  for (const kept of keptTags) events.onNote(`${kept} holds other signatures at the destination, and stays`);
  const bringing = beginBringing(task, deps, signal);
  const current = await lookFirst(task, bringing, signal);
  if (current === resultDigest) return addReferrers(task, bringing, deps, signal);
  if (tag !== undefined && !isExpected(task, current)) {
    await bringing.stop();
    return { state: 'conflict', existingDigest: current };
  }
  await bringing.all();
  // Beside the writing, which it delays only where the source is slower than that.
  const moving = sourceMovedTo(task, signal);
  await writeBelowTag(task, deps, signal);
  const end: RowEnd = tag === undefined ? { state: 'done' } : await writeTagAlone(task, tag, deps, signal);
  if (end.state === 'conflict') return end;
  const moved = await moving;
  return moved === undefined ? end : { ...end, sourceMovedTo: moved };
}

/** A row's blobs. `all` resolves when they are there, `stop` when nothing is under way any more. */
type Bringing = { readonly all: () => Promise<void>; readonly stop: () => Promise<void> };

/**
 * Begins at once where the plan has looked at the tag just now, so that looking again costs no round trip before the
 * first byte; else when they are asked for.
 */
function beginBringing(task: RowTask, deps: RowDeps, signal: AbortSignal): Bringing {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  let bringing: Promise<void> | undefined;
  const all = () => (bringing ??= bringBlobs(task, task.recipe.blobs, deps, { signal: either }));
  // Told to whoever waits for them, if anybody does.
  if (task.isFresh && task.destination.kind === 'registry') all().catch(() => undefined);
  return {
    all,
    stop: async () => {
      stopping.abort();
      await Promise.allSettled([bringing]);
    },
  };
}

/** What the tag is when the row begins. A tag that cannot be looked at ends the row, with nothing left under way. */
async function lookFirst(
  { recipe: { tag, resultDigest }, destination }: RowTask,
  bringing: Bringing,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return await destination.headManifest(tag ?? resultDigest, { signal });
  } catch (error) {
    await bringing.stop();
    throw error;
  }
}

function writeTagAlone(task: RowTask, tag: string, deps: RowDeps, signal: AbortSignal): Promise<RowEnd> {
  const writing = deps.lockTag(`${task.place} ${tag}`, () => writeTag(task, tag, deps, signal));
  return raceAbort(writing, signal);
}

/** What a tag is now, from a fresh read. */
export function confirm(
  destination: ContentDestination,
  reference: string,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  return destination.confirmManifest === undefined
    ? destination.headManifest(reference, { signal })
    : destination.confirmManifest(reference, { signal });
}

/** The image is there; what has come to refer to it since may not be. */
async function addReferrers(task: RowTask, bringing: Bringing, deps: RowDeps, signal: AbortSignal): Promise<RowEnd> {
  const { referrers } = task.recipe;
  if (referrers.length === 0) {
    await bringing.stop();
    return { state: 'up-to-date' };
  }
  await bringing.all();
  await writeInOrder(task, referrers, deps, signal);
  return { state: 'done' };
}

/** Everything but the tag. The root is among it where something refers to it, or where it will have no tag. */
async function writeBelowTag(task: RowTask, deps: RowDeps, signal: AbortSignal): Promise<void> {
  const { children, referrers, resultDigest, tag } = task.recipe;
  await writeChildren(task, children, deps, signal);
  if (tag === undefined || referrers.length > 0) {
    await writeManifest(task, { digest: resultDigest, reference: resultDigest }, deps, signal);
  }
  await writeInOrder(task, referrers, deps, signal);
}

/** Looks once more right before it writes, and reads afterwards what is there now (C01, FI21, FI23, I-TRUE). */
async function writeTag(task: RowTask, tag: string, deps: RowDeps, signal: AbortSignal): Promise<RowEnd> {
  const { recipe, destination, events } = task;
  const { resultDigest, expected } = recipe;
  signal.throwIfAborted();
  const before = await destination.headManifest(tag, { signal });
  if (isNameOf(before, task.manifest(resultDigest))) return { state: 'done' };
  if (!isExpected(task, before)) return { state: 'conflict', existingDigest: before };
  if (before !== undefined && before !== expected) events.onNote(`${tag} held ${before}, which goes as was asked`);
  events.onTagWrite(true);
  await writeManifest(task, { digest: resultDigest, reference: tag }, deps, signal);
  const after = await confirm(destination, tag, signal);
  events.onTagWrite(false);
  // Somebody else has written it between our write and our look: theirs stands, and a person decides.
  const isOurs = isNameOf(after, task.manifest(resultDigest));
  return isOurs ? { state: 'done' } : { state: 'conflict', existingDigest: after };
}

/** A tag that is gone takes nothing with it. */
function isExpected({ recipe: { expected, force } }: RowTask, current: Digest | undefined): boolean {
  return force || current === undefined || current === expected;
}
