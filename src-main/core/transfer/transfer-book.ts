import { NotFoundError } from '../gantry-error.ts';
import { hasEnded, type JobState } from '../jobs/job-queue.ts';
import type { Clock, Logger } from '../ports.ts';
import type { NewJob, TransferJournal } from '../storage/journal/journal-types.ts';
import { formatCounts, keepJob, type KeptJob } from './kept-job.ts';
import type { TransferView } from './transfers-types.ts';

/** Ended ones that are kept to be looked at. */
const MAX_HISTORY = 200;

/** Every transfer there is, in memory and in the journal. */
export type TransferBook = {
  /** @throws {NotFoundError} */
  get(jobId: string): KeptJob;
  has(jobId: string): boolean;
  /** @throws what the journal throws; nothing was added then */
  add(job: NewJob): KeptJob;
  /** Keeps a state, first in the journal. */
  setState(jobId: string, state: JobState, error?: string): void;
  remove(jobIds: readonly string[]): void;
  /** Those that the history has no room for, the oldest. */
  overflow(): readonly string[];
  readonly all: ReadonlyMap<string, KeptJob>;
  /** What waits or runs, by `order`, then what has ended, newest first. */
  views(order: readonly string[]): readonly TransferView[];
};

type Deps = { readonly journal: TransferJournal; readonly clock: Clock; readonly logger: Logger };

/** What an earlier process had running goes on; what a person paused stays so. */
const AFTER_START: Readonly<Record<JobState, JobState>> = {
  queued: 'queued',
  running: 'queued',
  pausing: 'paused',
  paused: 'paused',
  conflict: 'conflict',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What a person has said, and relies on. */
const DECIDED: ReadonlySet<JobState> = new Set(['queued', 'pausing', 'paused', 'cancelled']);

/** For the log of a transfer; what only a moment's state is, is not told. */
const LINES: Readonly<Partial<Record<JobState, string>>> = {
  running: 'under way',
  paused: 'paused',
  conflict: 'waits for a decision',
  done: 'done',
  failed: 'ended, but not all of it is done',
  cancelled: 'cancelled',
};

export function createTransferBook(deps: Deps): TransferBook {
  const { journal, clock, logger } = deps;
  const jobs = new Map<string, KeptJob>();
  for (const record of journal.jobs()) {
    const state = isState(record.state) ? AFTER_START[record.state] : undefined;
    const job = state === undefined ? undefined : keepJob(record, state, deps);
    if (job === undefined) logger.log('warn', 'transfers.unreadable-job', { jobId: record.jobId });
    else jobs.set(job.jobId, job);
  }
  const get = (jobId: string): KeptJob => {
    const job = jobs.get(jobId);
    if (job === undefined) throw new NotFoundError('transfer');
    return job;
  };

  return {
    get,
    has: (jobId) => jobs.has(jobId),
    all: jobs,
    add: (created) => {
      journal.addJob(created);
      const job = keepJob(created.job, 'queued', deps);
      if (job === undefined) throw new NotFoundError('transfer');
      job.isFresh = true;
      jobs.set(job.jobId, job);
      return job;
    },
    setState: (jobId, state, error) => {
      const job = get(jobId);
      const counts = formatCounts(job.counts());
      job.state = state;
      job.error = error;
      job.finishedAt = hasEnded(state) ? clock.now() : undefined;
      // A plan is true for the run that follows it, and no longer.
      if (state !== 'queued' && state !== 'running') job.isFresh = false;
      const { finishedAt } = job;
      const rest = { ...(error === undefined ? {} : { error }), ...(finishedAt === undefined ? {} : { finishedAt }) };
      if (DECIDED.has(state)) journal.setState(jobId, { state, counts, ...rest });
      else journal.noteState(jobId, { state, counts, ...rest });
      const text = LINES[state];
      if (text !== undefined) journal.noteLog(jobId, { at: clock.now(), text });
      if (state === 'done') journal.forgetContent(jobId);
      if (hasEnded(state)) job.rest();
    },
    remove: (jobIds) => {
      journal.removeJobs(jobIds);
      for (const jobId of jobIds) jobs.delete(jobId);
    },
    overflow: () => {
      const ended = [...jobs.values()].filter(({ state }) => hasEnded(state));
      const oldest = ended.toSorted((one, other) => (one.finishedAt ?? 0) - (other.finishedAt ?? 0));
      return oldest.slice(0, Math.max(0, oldest.length - MAX_HISTORY)).map(({ jobId }) => jobId);
    },
    views: (order) => {
      const views = order.flatMap((jobId) => jobs.get(jobId)?.view() ?? []);
      const ended = views.filter(({ state }) => hasEnded(state));
      const open = views.filter(({ state }) => !hasEnded(state));
      return [...open, ...ended.toSorted((one, other) => (other.finishedAt ?? 0) - (one.finishedAt ?? 0))];
    },
  };
}

function isState(text: string): text is JobState {
  return Object.hasOwn(AFTER_START, text);
}
