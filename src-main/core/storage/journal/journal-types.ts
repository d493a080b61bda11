/** One started transfer as it is kept. What is in `facts`, `error`, recipes and sessions is known to its writer only. */
export type JobRecord = {
  readonly jobId: string;
  /** In the queue; larger is later. */
  readonly position: number;
  readonly state: string;
  /** JSON that never changes: what, from where, to where. */
  readonly facts: string;
  /** JSON; absent when there is none. */
  readonly error?: string;
  /** JSON: how far it had come at the last change of its state. */
  readonly counts?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly finishedAt?: number;
};

export type JobRowRecord = {
  /** Position in the job, from 0. */
  readonly ordinal: number;
  readonly rowId: string;
  readonly source: string;
  readonly destination: string;
  readonly state: string;
  readonly resultDigest?: string;
  readonly existingDigest?: string;
  /** What the source's tag names since the plan was made, where that is something else. */
  readonly sourceMovedTo?: string;
  /** JSON. */
  readonly error?: string;
};

export type JobBlobRecord = {
  /** Where it has to be, as a key of the writer's own. */
  readonly place: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly role: string;
  readonly state: string;
};

export type JobManifestRecord = { readonly digest: string; readonly mediaType: string; readonly bytes: Uint8Array };

export type NewJob = {
  readonly job: JobRecord;
  /** With the recipe (JSON) of those that can be run. */
  readonly rows: Iterable<JobRowRecord & { readonly recipe?: string }>;
  readonly manifests: Iterable<JobManifestRecord>;
  readonly blobs: Iterable<JobBlobRecord>;
};

export type StateChange = Pick<JobRecord, 'state' | 'error' | 'counts' | 'finishedAt'>;

export type RowNote = Pick<JobRowRecord, 'state' | 'existingDigest' | 'sourceMovedTo' | 'error'>;

export type LogLine = { readonly at: number; readonly text: string };

/**
 * What is needed to go on with transfers after the process has died, in any way and at any moment.
 *
 * Durable when they return (synced to the disk): `addJob`, `setState`, `setOrder`, `changeRow`, `removeJobs`. So a job
 * that was announced is there after a power cut, and what a person decides is kept before it is acted upon. There after
 * the end of the process, however it came: `keepSession`, so that an upload that was begun can be found. Written soon,
 * several together in their order: `noteState`, `noteRow`, `noteBlob`, `noteLog`, `dropSession`, `forgetContent`. Losing
 * one of these costs a question to the destination, or an upload begun anew, never a wrong tag: what they tell is looked
 * up again there before anything is written.
 *
 * Every method throws what SQLite throws (`describeSqliteError`); a later failure of what is written soon is told to
 * `onFailure` of whoever opened the journal.
 */
export type TransferJournal = {
  addJob(job: NewJob): void;
  setState(jobId: string, change: StateChange): void;
  /** From the first to the last of the queue. */
  setOrder(jobIds: readonly string[]): void;
  changeRow(
    jobId: string,
    ordinal: number,
    change: RowNote & { readonly destination: string; readonly recipe?: string },
  ): void;
  keepSession(place: string, digest: string, state: string): void;

  /** A state that comes of the work itself: begun, done, failed. */
  noteState(jobId: string, change: StateChange): void;
  noteRow(jobId: string, ordinal: number, note: RowNote): void;
  noteBlob(jobId: string, place: string, digest: string, state: string): void;
  noteLog(jobId: string, line: LogLine): void;
  dropSession(place: string, digest: string): void;
  /** Lets go of what only running needs: recipes, manifests, blobs. Rows and log stay. */
  forgetContent(jobId: string): void;
  /** Writes now what would be written soon. */
  flush(): void;

  /** In the order of the queue. */
  jobs(): readonly JobRecord[];
  rows(jobId: string): readonly JobRowRecord[];
  recipe(jobId: string, ordinal: number): string | undefined;
  manifest(jobId: string, digest: string): JobManifestRecord | undefined;
  blobs(jobId: string): readonly JobBlobRecord[];
  log(jobId: string): readonly LogLine[];
  session(place: string, digest: string): string | undefined;

  removeJobs(jobIds: readonly string[]): void;
  close(): void;
};
