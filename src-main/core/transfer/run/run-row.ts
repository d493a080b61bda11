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
  const { recipe, destination, events } = task;
  const { tag, resultDigest, blobs, keptTags } = recipe;
  for (const kept of keptTags) events.onNote(`${kept} holds other signatures at the destination, and stays`);
  const ahead = task.isFresh && destination.kind === 'registry' ? bringAhead(task, deps, signal) : undefined;
  const current = await lookFirst(task, ahead, signal);
  if (current === resultDigest) return addReferrers(task, deps, { ahead, signal });
  if (tag !== undefined && !isExpected(task, current)) {
    await ahead?.stop();
    return { state: 'conflict', existingDigest: current };
  }
  await (ahead?.brought ?? bringBlobs(task, blobs, deps, { signal }));
  // Beside the writing, which it delays only where the source is slower than that.
  const moving = sourceMovedTo(task, signal);
  await writeBelowTag(task, deps, signal);
  const end: RowEnd = tag === undefined ? { state: 'done' } : await writeTagAlone(task, tag, deps, signal);
  if (end.state === 'conflict') return end;
  const moved = await moving;
  return moved === undefined ? end : { ...end, sourceMovedTo: moved };
}

/** Blobs on their way before it is known that they are needed. `stop` resolves when nothing is under way any more. */
type Ahead = { readonly brought: Promise<void>; readonly stop: () => Promise<void> };

/** The plan has looked at the tag just now: what is asked again costs no round trip before the first byte. */
function bringAhead(task: RowTask, deps: RowDeps, signal: AbortSignal): Ahead {
  const stop = new AbortController();
  const brought = bringBlobs(task, task.recipe.blobs, deps, { signal: AbortSignal.any([signal, stop.signal]) });
  // Told to whoever waits for them, if anybody does.
  brought.catch(() => undefined);
  return {
    brought,
    stop: async () => {
      stop.abort();
      await Promise.allSettled([brought]);
    },
  };
}

/** What the tag is when the row begins. A tag that cannot be looked at ends the row, with nothing left under way. */
async function lookFirst(
  { recipe: { tag, resultDigest }, destination }: RowTask,
  ahead: Ahead | undefined,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return await destination.headManifest(tag ?? resultDigest, { signal });
  } catch (error) {
    await ahead?.stop();
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
async function addReferrers(
  task: RowTask,
  deps: RowDeps,
  { ahead, signal }: { readonly ahead: Ahead | undefined; readonly signal: AbortSignal },
): Promise<RowEnd> {
  const { referrers, blobs } = task.recipe;
  if (referrers.length === 0) {
    await ahead?.stop();
    return { state: 'up-to-date' };
  }
  await (ahead?.brought ?? bringBlobs(task, blobs, deps, { signal }));
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
