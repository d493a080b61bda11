import { hasEnded, JobQueue, type JobState } from '../jobs/job-queue.ts';
import { createJobWatch, type JobWatch } from '../jobs/job-watch.ts';
import { createKeyedLock } from '../keyed-lock.ts';
import type { Clock, Logger } from '../ports.ts';
import type { TransferJournal } from '../storage/journal/journal-types.ts';
import { type OpenedJournal, openJournal } from '../storage/journal/open-journal.ts';
import { decideRows, queueAgain, queueUnfinished } from './change-rows.ts';
import { cleanUp } from './clean-up.ts';
import type { EndOpener } from './ends.ts';
import { fileSourceIds, type JobFacts } from './job-facts.ts';
import { makePlan } from './plan/make-plan.ts';
import { createPlanBook, type PlanBook } from './plan/plan-book.ts';
import { planToJob } from './plan/plan-to-job.ts';
import { fileSourcesOf, type Plan, type RowRecipe } from './plan/plan-types.ts';
import { BlobBoard } from './run/blob-board.ts';
import { createLanes, type Lanes } from './run/lanes.ts';
import { type JobDeps, runJob } from './run/run-job.ts';
import { createThrottle } from './run/throttle.ts';
import { createTransferBook, type TransferBook } from './transfer-book.ts';
import { watchTransfer, watchTransfers } from './transfer-streams.ts';
import type { PlanRequest, Transfers } from './transfers-types.ts';

/** Jobs under way at once; they share the lanes, so that more would only make each of them later. */
const MAX_RUNNING = 3;

export type TransfersOptions = {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ends: EndOpener;
  /** An error as text to be kept and told: JSON of the caller's own, without a secret. */
  readonly describeError: (error: unknown) => string;
  /** An image has come to a repository. Must not throw. */
  readonly onWritten: (recipe: RowRecipe) => void;
  /** Nobody needs these files as sources any more: a plan was given up, or what came of it is done or gone. */
  readonly onFilesFree?: (ids: readonly string[]) => void;
  /** A transfer was taken out of the list. Must not throw. */
  readonly onRemoved?: (facts: JobFacts) => void;
  /** In place of the journal on disk; whoever gives one closes it. */
  readonly journal?: TransferJournal;
};

type Parts = {
  readonly options: TransfersOptions;
  readonly journal: TransferJournal;
  readonly book: TransferBook;
  readonly plans: PlanBook;
  readonly queue: JobQueue;
  readonly jobWatch: JobWatch;
  readonly lanes: Lanes;
  readonly deps: JobDeps;
};

/**
 * Opens the journal and goes on with what an earlier process left: what ran goes on by itself, what was paused waits.
 * @throws {DiskError} when the journal cannot be opened
 */
export function openTransfers(options: TransfersOptions): Transfers {
  /** How to pause each job that runs, with an error. */
  const pauses = new Map<string, (error: unknown) => void>();
  const onFailure = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : 'unknown';
    options.logger.log('error', 'transfers.journal-failed', { reason });
    for (const pause of pauses.values()) pause(error);
  };
  const opened = openKept(options, onFailure);
  const parts = createParts(options, opened.journal, { pauses, onFailure });
  const { book, journal, queue, jobWatch } = parts;
  const streams = { book, journal, jobWatch, order: () => queue.order };
  return {
    ...planning(parts),
    ...steering(parts),
    ...limits(parts),
    list: () => book.views(queue.order),
    get: (jobId) => book.get(jobId).view(),
    watch: (signal) => watchTransfers(streams, signal),
    watchOne: (jobId, signal) => watchTransfer(jobId, streams, signal),
    ...(opened.movedAside === undefined ? {} : { movedAside: opened.movedAside }),
    isShared: opened.isShared,
    close: async () => {
      jobWatch.close();
      await queue.close();
      if (options.journal === undefined) journal.close();
    },
  };
}

function openKept(options: TransfersOptions, onFailure: (error: unknown) => void): OpenedJournal {
  if (options.journal !== undefined) return { journal: options.journal, isShared: false };
  const { dataDir, logger, clock } = options;
  return openJournal({ dataDir, logger, clock, onFailure });
}

type Failing = {
  readonly pauses: Map<string, (error: unknown) => void>;
  readonly onFailure: (error: unknown) => void;
};

function createParts(options: TransfersOptions, journal: TransferJournal, failing: Failing): Parts {
  const { clock, logger, ends, describeError } = options;
  const lanes = createLanes();
  const throttle = createThrottle(clock);
  const board = new BlobBoard();
  const deps: JobDeps = { ends, journal, describeError, clock, lanes, throttle, board, lockTag: createKeyedLock() };
  const book = createTransferBook({ journal, clock, logger });
  const jobWatch = createJobWatch(clock);
  const queue = new JobQueue({
    maxRunning: MAX_RUNNING,
    run: (jobId, signal) => runKept(jobId, { book, jobWatch, deps, options, failing }, signal),
    cleanUp: (jobId) => cleanUp(book.get(jobId), { journal, ends, board, clock }),
    onState: (jobId, state: JobState, error?: unknown) => {
      try {
        book.setState(jobId, state, error === undefined ? undefined : describeError(error));
      } catch (failure) {
        failing.onFailure(failure);
      }
      // What is done is not read again.
      if (state === 'done') options.onFilesFree?.(fileSourceIds(book.get(jobId).facts));
      if (hasEnded(state)) jobWatch.ended(jobId);
      else jobWatch.changed(jobId);
    },
    onOrder: () => {
      journal.setOrder(queue.order);
      jobWatch.reordered();
    },
  });
  for (const { jobId, state } of book.all.values()) queue.add(jobId, state);
  const plans = createPlanBook(clock, ({ fileSources }: Plan) => options.onFilesFree?.(fileSources));
  return { options, journal, book, plans, queue, jobWatch, lanes, deps };
}

type Run = Pick<Parts, 'book' | 'jobWatch' | 'deps' | 'options'> & { readonly failing: Failing };

async function runKept(jobId: string, { book, jobWatch, deps, options, failing }: Run, signal: AbortSignal) {
  const job = book.get(jobId);
  const { isFresh, refused, unsettled } = job;
  if (!isFresh) queueUnfinished(job);
  unsettled.clear();
  const task = {
    jobId,
    live: job.live(),
    isFresh,
    refused,
    unsettled,
    onBegin: (pause: (error: unknown) => void) => failing.pauses.set(jobId, pause),
    onChange: () => jobWatch.changed(jobId),
    onWritten: options.onWritten,
  };
  try {
    return await runJob(task, deps, signal);
  } finally {
    failing.pauses.delete(jobId);
  }
}

function planning(parts: Parts): Pick<Transfers, 'plan' | 'start'> {
  const { options, book, plans, queue, jobWatch } = parts;
  const { ends, clock, describeError } = options;
  return {
    plan: async function* plan(request: PlanRequest, signal) {
      let isKept = false;
      try {
        for await (const event of makePlan(request, { ends, clock }, signal)) {
          if (event.kind === 'done') {
            plans.keep(event.plan);
            isKept = true;
          }
          yield event;
        }
      } finally {
        if (!isKept) options.onFilesFree?.(fileSourcesOf(request.items));
      }
    },
    start: (planId, decisions) => {
      const plan = plans.take(planId);
      const position = queue.order.length;
      forget(book.overflow(), parts);
      try {
        const job = book.add(planToJob(plan, { decisions, position, now: clock.now(), describeError }));
        queue.add(job.jobId, 'queued');
        jobWatch.changed(job.jobId);
        return job.view();
      } catch (error) {
        // A decision was missing, or the disk is full: the plan is as good as before.
        plans.keep(plan);
        throw error;
      }
    },
  };
}

/** How many could be taken out. */
function forget(jobIds: readonly string[], { book, queue, jobWatch, options }: Parts): number {
  const gone = jobIds.filter((jobId) => queue.remove(jobId));
  for (const { facts, state } of gone.map((jobId) => book.get(jobId))) {
    if (state !== 'done') options.onFilesFree?.(fileSourceIds(facts));
    options.onRemoved?.(facts);
  }
  if (gone.length > 0) book.remove(gone);
  for (const jobId of gone) jobWatch.removed(jobId);
  return gone.length;
}

type Steering = 'pause' | 'resume' | 'retry' | 'cancel' | 'decide' | 'move' | 'remove' | 'pauseAll' | 'resumeAll';

function steering(parts: Parts): Pick<Transfers, Steering> {
  const { book, queue, journal, jobWatch } = parts;
  const view = (jobId: string) => book.get(jobId).view();
  return {
    pause: (jobId) => {
      queue.pause(jobId);
      return view(jobId);
    },
    resume: (jobId) => {
      queue.resume(jobId);
      return view(jobId);
    },
    retry: (jobId) => {
      const job = book.get(jobId);
      if (job.state === 'failed' || job.state === 'cancelled') {
        queueAgain(job, journal);
        queue.retry(jobId);
      }
      return view(jobId);
    },
    cancel: async (jobId) => {
      await queue.cancel(jobId);
      return view(jobId);
    },
    decide: (jobId, decisions) => {
      const job = book.get(jobId);
      decideRows(job, decisions, journal);
      if (job.state === 'conflict') queue.retry(jobId);
      else jobWatch.changed(jobId);
      return view(jobId);
    },
    move: (jobId, position) => queue.move(jobId, position),
    remove: (jobIds) => forget(jobIds, parts),
    pauseAll: () => queue.order.filter((jobId) => queue.pause(jobId)).length,
    resumeAll: () => queue.order.filter((jobId) => queue.resume(jobId)).length,
  };
}

function limits({ book, deps, lanes }: Parts): Pick<Transfers, 'setLimits' | 'suffered' | 'fileSources'> {
  return {
    setLimits: (limits) => {
      deps.throttle.setLimit(limits.bytesPerSecond);
      lanes.setCap(limits.lanes);
    },
    suffered: lanes.suffered,
    fileSources: () =>
      [...book.all.values()]
        // What is done is not read again.
        .filter(({ state }) => state !== 'done')
        .flatMap(({ facts }) => fileSourceIds(facts)),
  };
}
