import type { Clock } from '../ports.ts';
import type { TransferJournal } from '../storage/journal/journal-types.ts';
import type { EndOpener, EndRef } from './ends.ts';
import type { KeptJob } from './kept-job.ts';
import { placeKey } from './plan/plan-types.ts';
import type { BlobBoard } from './run/blob-board.ts';
import { parseRecipe } from './run/recipe-schema.ts';
import { confirm } from './run/run-row.ts';

/** A person who cancels waits no longer than this for what the destination has to say (SECURITY-CASES FI24). */
const PATIENCE_MS = 1500;

type Deps = {
  readonly journal: TransferJournal;
  readonly ends: EndOpener;
  readonly board: BlobBoard;
  readonly clock: Clock;
};

/**
 * After a cancel: says of each tag that was being written whether it was (C03), closes uploads that nobody will go on
 * with, and deletes what was not finished. Never rejects, and takes no longer than people wait.
 */
export async function cleanUp(job: KeptJob, deps: Deps): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await Promise.allSettled([
    settleTags(job, deps, signal),
    dropSessions(job, deps, signal),
    discard(job, deps, signal),
  ]);
  const live = job.live();
  for (const { ordinal, state } of live.rows.values()) {
    if (state !== 'queued' && state !== 'running' && state !== 'conflict') continue;
    live.setRow(ordinal, { state: 'cancelled' });
    deps.journal.noteRow(job.jobId, ordinal, { state: 'cancelled' });
  }
}

async function settleTags(job: KeptJob, { journal, ends }: Deps, signal: AbortSignal): Promise<void> {
  const settle = async (ordinal: number): Promise<void> => {
    const { tag, destination: ref, resultDigest } = parseRecipe(journal.recipe(job.jobId, ordinal));
    if (tag === undefined) return;
    const destination = await ends.openDestination(ref, { signal });
    try {
      if ((await confirm(destination, tag, signal)) !== resultDigest) return;
      job.live().setRow(ordinal, { state: 'done' });
      journal.noteRow(job.jobId, ordinal, { state: 'done' });
    } finally {
      await destination.close();
    }
  };
  const unsettled = [...job.unsettled];
  job.unsettled.clear();
  await Promise.allSettled(unsettled.map(settle));
}

async function dropSessions(job: KeptJob, { journal, ends, board }: Deps, signal: AbortSignal): Promise<void> {
  const places = new Map<string, EndRef>();
  for (const { ordinal } of job.live().rows.values()) {
    const recipe = journal.recipe(job.jobId, ordinal);
    if (recipe === undefined) continue;
    const { destination } = parseRecipe(recipe);
    places.set(placeKey(destination), destination);
  }
  const drop = async (ref: EndRef, state: string): Promise<void> => {
    const destination = await ends.openDestination(ref, { signal });
    await destination.dropSession?.({ state }, { signal });
    await destination.close();
  };
  const open = [...job.live().blobs.values()].flatMap(({ place, digest }) => {
    const ref = places.get(place);
    const state = journal.session(place, digest);
    // Another job may be at it.
    if (ref === undefined || state === undefined || board.isUnderWay(place, digest)) return [];
    journal.dropSession(place, digest);
    return [drop(ref, state)];
  });
  await Promise.allSettled(open);
}

async function discard({ facts }: KeptJob, { ends }: Deps, signal: AbortSignal): Promise<void> {
  if (facts.fileDestination === undefined) return;
  const destination = await ends.openDestination(facts.fileDestination, { signal });
  await (destination.discard?.() ?? destination.close());
}
