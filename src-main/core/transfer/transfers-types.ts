import type { JobState } from '../jobs/job-queue.ts';
import type { JobFacts } from './job-facts.ts';
import type { PlanEvent } from './plan/make-plan.ts';
import type { PlanItem, PlanOptions, PlanTarget } from './plan/plan-types.ts';
import type { RowDecision } from './plan/row-decisions.ts';
import type { LiveBlob, LiveCounts, LiveRow } from './run/live-job.ts';

/** One transfer as a list shows it. `error` is what `describeError` made of it. Times in milliseconds. */
export type TransferView = LiveCounts & {
  readonly jobId: string;
  readonly facts: JobFacts;
  readonly state: JobState;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly createdAt: number;
  readonly finishedAt?: number;
  readonly error?: string;
};

export type TransferDetail = {
  readonly view: TransferView;
  readonly rows: readonly LiveRow[];
  readonly blobs: readonly LiveBlob[];
  readonly blobCount: number;
  readonly log: readonly { readonly at: number; readonly text: string }[];
};

export type TransfersEvent =
  | { readonly kind: 'snapshot'; readonly transfers: readonly TransferView[] }
  | { readonly kind: 'update'; readonly changed: readonly TransferView[]; readonly removedIds: readonly string[] };

export type PlanRequest = {
  readonly planId: string;
  readonly items: readonly PlanItem[];
  readonly target: PlanTarget;
  readonly options: PlanOptions;
};

/** All transfers of this process, and those of earlier ones that are not done. */
export type Transfers = {
  /** `makePlan`; what it ends with can be started. */
  plan(request: PlanRequest, signal: AbortSignal): AsyncGenerator<PlanEvent, void, void>;
  /** Kept on the disk when it returns. @throws {ConflictError} {InvalidInputError} {DiskError} */
  start(planId: string, decisions: ReadonlyMap<string, RowDecision>): TransferView;
  /** What waits or runs in the order of the queue, then what has ended, newest first. */
  list(): readonly TransferView[];
  /** @throws {NotFoundError} */
  get(jobId: string): TransferView;
  watch(signal: AbortSignal): AsyncGenerator<TransfersEvent, void, void>;
  /** @throws {NotFoundError} */
  watchOne(jobId: string, signal: AbortSignal): AsyncGenerator<TransferDetail, void, void>;
  /** What cannot be done in its state is not done. @throws {NotFoundError} */
  pause(jobId: string): TransferView;
  resume(jobId: string): TransferView;
  retry(jobId: string): TransferView;
  cancel(jobId: string): Promise<TransferView>;
  /** @throws {NotFoundError} {InvalidInputError} */
  decide(jobId: string, decisions: ReadonlyMap<string, RowDecision>): TransferView;
  move(jobId: string, position: number): boolean;
  /** How many have been taken out: those that had ended. */
  remove(jobIds: readonly string[]): number;
  pauseAll(): number;
  resumeAll(): number;
  setLimits(limits: { readonly bytesPerSecond: number; readonly lanes: number }): void;
  /** A request to this registry (`RegistryPlace.registryKey`) had to wait. */
  suffered(registryKey: string): void;
  /** Ends of files that transfers may still need: nobody deletes what they refer to. */
  fileSources(): readonly string[];
  /** Full path of a damaged journal that was put aside at this start. */
  readonly movedAside?: string;
  /** Another Gantry has the journal: what is started here does not survive this process. */
  readonly isShared: boolean;
  /** Stops what runs, which goes on at the next start. */
  close(): Promise<void>;
};
