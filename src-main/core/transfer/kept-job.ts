import { z } from 'zod';
import type { JobState } from '../jobs/job-queue.ts';
import type { Clock } from '../ports.ts';
import type { JobRecord, TransferJournal } from '../storage/journal/journal-types.ts';
import { type JobFacts, parseFacts } from './job-facts.ts';
import { createLiveJob, type LiveCounts, type LiveJob } from './run/live-job.ts';
import type { TransferView } from './transfers-types.ts';

/** A job as this process holds it; its rows and blobs are read when somebody needs them. */
export type KeptJob = {
  readonly jobId: string;
  readonly facts: JobFacts;
  readonly createdAt: number;
  state: JobState;
  error: string | undefined;
  finishedAt: number | undefined;
  /** Made in this process from a plan that is still true. */
  isFresh: boolean;
  readonly refused: Set<number>;
  readonly unsettled: Set<number>;
  /** Rows and blobs. */
  live(): LiveJob;
  /** Lets go of them; they are read again when needed. */
  rest(): void;
  counts(): LiveCounts;
  view(): TransferView;
};

const countsSchema: z.ZodType<LiveCounts> = z.object({
  totalBytes: z.number(),
  doneBytes: z.number(),
  sentBytes: z.number(),
  rowCount: z.number(),
  doneRowCount: z.number(),
  failedRowCount: z.number(),
  conflictRowCount: z.number(),
});

/** Undefined for a record that no version of ours has written. */
export function keepJob(
  record: JobRecord,
  state: JobState,
  { journal, clock }: { readonly journal: TransferJournal; readonly clock: Clock },
): KeptJob | undefined {
  const { jobId, createdAt } = record;
  const facts = parseFacts(record.facts);
  if (facts === undefined) return undefined;
  let live: LiveJob | undefined;
  let counts = parseCounts(record.counts);
  const job: KeptJob = {
    jobId,
    facts,
    createdAt,
    state,
    error: record.error,
    finishedAt: record.finishedAt,
    isFresh: false,
    refused: new Set(),
    unsettled: new Set(),
    live: () => (live ??= createLiveJob({ rows: journal.rows(jobId), blobs: journal.blobs(jobId) }, clock)),
    rest: () => {
      counts = live?.counts() ?? counts;
      live = undefined;
    },
    // What was brought is let go of when all is done: its counts are those it ended with.
    counts: () => (job.state === 'done' ? counts : undefined) ?? live?.counts() ?? (counts ??= job.live().counts()),
    view: () => ({
      jobId,
      facts,
      state: job.state,
      createdAt,
      ...job.counts(),
      ...paceOf(job, live),
      ...(job.finishedAt === undefined ? {} : { finishedAt: job.finishedAt }),
      ...(job.error === undefined ? {} : { error: job.error }),
    }),
  };
  return job;
}

export function formatCounts(counts: LiveCounts): string {
  return JSON.stringify(counts);
}

function parseCounts(text: string | undefined): LiveCounts | undefined {
  try {
    return text === undefined ? undefined : countsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function paceOf({ state }: KeptJob, live: LiveJob | undefined) {
  const bytesPerSecond = state === 'running' ? live?.bytesPerSecond() : undefined;
  if (bytesPerSecond === undefined || live === undefined) return {};
  const { totalBytes, doneBytes } = live.counts();
  return { bytesPerSecond, ...(bytesPerSecond > 0 ? { secondsLeft: (totalBytes - doneBytes) / bytesPerSecond } : {}) };
}
