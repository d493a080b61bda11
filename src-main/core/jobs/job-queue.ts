import { GantryError } from '../gantry-error.ts';

export type JobState = 'queued' | 'running' | 'pausing' | 'paused' | 'conflict' | 'done' | 'failed' | 'cancelled';

/** How a job's work ended by itself. `error` says why, where one thing is to blame. */
export type JobEnd = { readonly state: 'done' | 'failed' | 'conflict' | 'paused'; readonly error?: unknown };

/** Why a running job's signal was aborted. */
export class JobStopped extends GantryError {
  override readonly name = 'JobStopped';
  readonly kind = 'cancelled';
  readonly why: 'pause' | 'cancel' | 'shutdown';

  constructor(why: 'pause' | 'cancel' | 'shutdown') {
    super(`stopped: ${why}`);
    this.why = why;
  }
}

export type JobQueueOptions = {
  readonly maxRunning: number;
  /** Does the work of a job. Rejects when the signal aborts; whatever else it rejects with is the job's error. */
  readonly run: (jobId: string, signal: AbortSignal) => Promise<JobEnd>;
  /** Lets go of what a cancelled job has left. Never rejects. */
  readonly cleanUp: (jobId: string) => Promise<void>;
  /** A job's state has changed. Called before anything follows from it, so that it can be kept first. Must not throw. */
  readonly onState: (jobId: string, state: JobState, error?: unknown) => void;
  /** The order has changed. Must not throw. */
  readonly onOrder: () => void;
};

type Job = {
  state: JobState;
  stop?: AbortController;
  /** Never rejects. */
  work?: Promise<void>;
};

const ENDED: ReadonlySet<JobState> = new Set(['done', 'failed', 'cancelled']);
const STARTABLE: ReadonlySet<JobState> = new Set(['failed', 'cancelled', 'conflict']);
const NOT_TO_CANCEL: ReadonlySet<JobState> = new Set(['done', 'cancelled']);

/** True for a job that nothing more happens to by itself or by a decision. */
export function hasEnded(state: JobState): boolean {
  return ENDED.has(state);
}

/** Jobs in order, some of them running. Knows nothing of what they do. */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #jobs = new Map<string, Job>();
  #order: readonly string[] = [];
  #isClosed = false;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Ids in order. */
  get order(): readonly string[] {
    return this.#order;
  }

  stateOf(jobId: string): JobState | undefined {
    return this.#jobs.get(jobId)?.state;
  }

  /** At the end of the queue; what is `queued` starts as soon as there is room. */
  add(jobId: string, state: JobState): void {
    this.#order = [...this.#order, jobId];
    this.#jobs.set(jobId, { state });
    this.#fill();
  }

  /** False when there is nothing to pause. */
  pause(jobId: string): boolean {
    const job = this.#jobs.get(jobId);
    if (job?.state === 'queued') this.#setState(jobId, 'paused');
    else if (job?.state === 'running') {
      this.#setState(jobId, 'pausing');
      job.stop?.abort(new JobStopped('pause'));
    } else return false;
    return true;
  }

  /** What is paused goes on. False when it is not. */
  resume(jobId: string): boolean {
    return this.#queueAgain(jobId, (state) => state === 'paused');
  }

  /** What failed, was cancelled, or has been decided begins again with what is missing. False when it has not. */
  retry(jobId: string): boolean {
    return this.#queueAgain(jobId, (state) => STARTABLE.has(state));
  }

  /** Resolves when all it held is free. False for what has ended already. */
  async cancel(jobId: string): Promise<boolean> {
    const job = this.#jobs.get(jobId);
    if (job === undefined || NOT_TO_CANCEL.has(job.state)) return false;
    job.stop?.abort(new JobStopped('cancel'));
    await job.work;
    // A pause may have been on its way before; what was done when the cancel came is done.
    if (job.state !== 'cancelled' && job.state !== 'done') await this.#finishCancel(jobId);
    this.#fill();
    return job.state === 'cancelled';
  }

  /** To another place among those that wait or run: 0 is next. False for what has ended. */
  move(jobId: string, position: number): boolean {
    const job = this.#jobs.get(jobId);
    if (job === undefined || hasEnded(job.state)) return false;
    const isOpen = (each: string): boolean => !hasEnded(this.stateOf(each) ?? 'done');
    const others = this.#order.filter((each) => isOpen(each) && each !== jobId);
    const ended = this.#order.filter((each) => !isOpen(each));
    this.#order = [...others.toSpliced(position, 0, jobId), ...ended];
    this.#options.onOrder();
    return true;
  }

  /** Forgets a job that has ended; false for one that has not. */
  remove(jobId: string): boolean {
    const job = this.#jobs.get(jobId);
    if (job === undefined || !hasEnded(job.state) || job.work !== undefined) return false;
    this.#jobs.delete(jobId);
    this.#order = this.#order.filter((each) => each !== jobId);
    return true;
  }

  /** Stops everything that runs, without a change of state: it goes on when it is added again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#jobs.values()].flatMap(({ work, stop }) => {
      stop?.abort(new JobStopped('shutdown'));
      return work ?? [];
    });
    await Promise.all(running);
  }

  #queueAgain(jobId: string, isFrom: (state: JobState) => boolean): boolean {
    const job = this.#jobs.get(jobId);
    if (job === undefined || !isFrom(job.state)) return false;
    this.#setState(jobId, 'queued');
    this.#fill();
    return true;
  }

  /** Starts as many as there is room for, in order. */
  #fill(): void {
    for (const jobId of this.#order) {
      const running = [...this.#jobs.values()].filter(({ work }) => work !== undefined).length;
      if (this.#isClosed || running >= this.#options.maxRunning) return;
      const job = this.#jobs.get(jobId);
      if (job?.state === 'queued' && job.work === undefined) this.#start(jobId, job);
    }
  }

  #start(jobId: string, job: Job): void {
    const stop = new AbortController();
    job.stop = stop;
    this.#setState(jobId, 'running');
    job.work = this.#run(jobId, stop.signal).finally(() => {
      delete job.work;
      delete job.stop;
      this.#fill();
    });
  }

  async #run(jobId: string, signal: AbortSignal): Promise<void> {
    const end = await this.#endOf(jobId, signal);
    const { reason }: { readonly reason: unknown } = signal;
    const why = signal.aborted && reason instanceof JobStopped ? reason.why : undefined;
    if (why === 'shutdown') return;
    // What was done when the stop came is done.
    if (why === undefined || end.state === 'done') this.#setState(jobId, end.state, end.error);
    else if (why === 'pause') this.#setState(jobId, 'paused');
    else await this.#finishCancel(jobId);
  }

  async #endOf(jobId: string, signal: AbortSignal): Promise<JobEnd> {
    try {
      return await this.#options.run(jobId, signal);
    } catch (error) {
      return { state: 'failed', error };
    }
  }

  async #finishCancel(jobId: string): Promise<void> {
    await this.#options.cleanUp(jobId);
    this.#setState(jobId, 'cancelled');
  }

  #setState(jobId: string, state: JobState, error?: unknown): void {
    const job = this.#jobs.get(jobId);
    if (job === undefined) return;
    job.state = state;
    this.#options.onState(jobId, state, error);
  }
}
