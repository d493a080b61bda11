import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Batch } from './batch.ts';
import type {
  JobBlobRecord,
  JobManifestRecord,
  JobRecord,
  JobRowRecord,
  LogLine,
  StateChange,
  TransferJournal,
} from './journal-types.ts';

/** Lines of one job's log; the first ones stay, since they say how it began. */
const MAX_LOG_LINES = 1000;

const text = z.string();
const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const jobRow = z.object({
  job_id: text,
  position: z.number(),
  state: text,
  facts: text,
  error: optionalText,
  counts: optionalText,
  created_at: z.number(),
  finished_at: z.number().nullable(),
});
const rowRow = z.object({
  ordinal: z.number(),
  row_id: text,
  source: text,
  destination: text,
  state: text,
  result_digest: optionalText,
  existing_digest: optionalText,
  source_moved_to: optionalText,
  error: optionalText,
});
const blobRow = z.object({ place: text, digest: text, size: z.number(), media_type: text, role: text, state: text });
const manifestRow = z.object({ digest: text, media_type: text, bytes: z.instanceof(Uint8Array) });
const logRow = z.object({ at: z.number(), text });

type Reads = Pick<TransferJournal, 'jobs' | 'rows' | 'recipe' | 'manifest' | 'blobs' | 'log' | 'session'>;
type Writes = Omit<TransferJournal, keyof Reads | 'close' | 'flush'>;

/** What is read; everything written soon has to be flushed first. */
export function journalReads(db: DatabaseSync): Reads {
  const one = (sql: string, ...values: readonly (string | number)[]) => db.prepare(sql).get(...values);
  const textOf = (row: unknown): string | undefined =>
    z.object({ value: optionalText }).parse(row ?? { value: null }).value;
  return {
    jobs: () => db.prepare('SELECT * FROM jobs ORDER BY position, created_at').all().map(toJob),
    rows: (jobId) =>
      db.prepare(`SELECT ${ROW_COLUMNS} FROM job_rows WHERE job_id = ? ORDER BY ordinal`).all(jobId).map(toRow),
    recipe: (jobId, ordinal) =>
      textOf(one('SELECT recipe AS value FROM job_rows WHERE job_id = ? AND ordinal = ?', jobId, ordinal)),
    manifest: (jobId, digest) => {
      const row = one(
        'SELECT digest, media_type, bytes FROM job_manifests WHERE job_id = ? AND digest = ?',
        jobId,
        digest,
      );
      return row === undefined ? undefined : toManifest(row);
    },
    blobs: (jobId) => db.prepare('SELECT * FROM job_blobs WHERE job_id = ?').all(jobId).map(toBlob),
    log: (jobId) =>
      db
        .prepare('SELECT at, text FROM job_log WHERE job_id = ? ORDER BY rowid')
        .all(jobId)
        .map((row): LogLine => logRow.parse(row)),
    session: (place, digest) =>
      textOf(one('SELECT state AS value FROM sessions WHERE place = ? AND digest = ?', place, digest)),
  };
}

/** What is written, now or soon as `TransferJournal` says. */
export function journalWrites(db: DatabaseSync, batch: Batch): Writes {
  const run = (sql: string) => {
    const statement = db.prepare(sql);
    return (...values: readonly (string | number | null | Uint8Array)[]): void => void statement.run(...values);
  };
  const updateState = run('UPDATE jobs SET state = ?, error = ?, counts = ?, finished_at = ? WHERE job_id = ?');
  const setState = (jobId: string, { state, error, counts, finishedAt }: StateChange): void =>
    updateState(state, error ?? null, counts ?? null, finishedAt ?? null, jobId);
  const setPosition = run('UPDATE jobs SET position = ? WHERE job_id = ?');
  const noteRow = run(
    'UPDATE job_rows SET state = ?, existing_digest = ?, source_moved_to = ?, error = ? WHERE job_id = ? AND ordinal = ?',
  );
  const changeRow = run(
    'UPDATE job_rows SET state = ?, existing_digest = ?, error = ?, destination = ?, recipe = coalesce(?, recipe) WHERE job_id = ? AND ordinal = ?',
  );
  const noteBlob = run('UPDATE job_blobs SET state = ? WHERE job_id = ? AND place = ? AND digest = ?');
  const addLog = run(
    `INSERT INTO job_log (job_id, at, text) SELECT ?1, ?2, ?3
     WHERE EXISTS (SELECT 1 FROM jobs WHERE job_id = ?1) AND (SELECT count(*) FROM job_log WHERE job_id = ?1) < ${MAX_LOG_LINES}`,
  );
  const keepSession = run('INSERT OR REPLACE INTO sessions (place, digest, state) VALUES (?, ?, ?)');
  const dropSession = run('DELETE FROM sessions WHERE place = ? AND digest = ?');
  const removeJob = run('DELETE FROM jobs WHERE job_id = ?');
  const forget = [
    run('UPDATE job_rows SET recipe = NULL WHERE job_id = ?'),
    run('DELETE FROM job_manifests WHERE job_id = ?'),
    run('DELETE FROM job_blobs WHERE job_id = ?'),
  ];
  const insert = insertStatements(run);

  return {
    addJob: ({ job, rows, manifests, blobs }) =>
      batch.now(() => {
        insert.job(job);
        for (const row of rows) insert.row(job.jobId, row);
        for (const manifest of manifests) insert.manifest(job.jobId, manifest);
        for (const blob of blobs) insert.blob(job.jobId, blob);
      }),
    setState: (jobId, change) => batch.now(() => setState(jobId, change)),
    noteState: (jobId, change) => batch.soon(() => setState(jobId, change)),
    setOrder: (jobIds) => batch.now(() => jobIds.forEach((jobId, index) => setPosition(index, jobId))),
    changeRow: (jobId, ordinal, { state, existingDigest, error, destination, recipe }) =>
      batch.now(() =>
        changeRow(state, existingDigest ?? null, error ?? null, destination, recipe ?? null, jobId, ordinal),
      ),
    keepSession: (place, digest, state) => batch.atOnce(() => keepSession(place, digest, state)),
    noteRow: (jobId, ordinal, { state, existingDigest, sourceMovedTo, error }) =>
      batch.soon(() => noteRow(state, existingDigest ?? null, sourceMovedTo ?? null, error ?? null, jobId, ordinal)),
    noteBlob: (jobId, place, digest, state) => batch.soon(() => noteBlob(state, jobId, place, digest)),
    noteLog: (jobId, line) => batch.soon(() => addLog(jobId, line.at, line.text)),
    dropSession: (place, digest) => batch.soon(() => dropSession(place, digest)),
    forgetContent: (jobId) => batch.soon(() => forget.forEach((each) => each(jobId))),
    removeJobs: (jobIds) => batch.now(() => jobIds.forEach((jobId) => removeJob(jobId))),
  };
}

type Run = (sql: string) => (...values: readonly (string | number | null | Uint8Array)[]) => void;

function insertStatements(run: Run) {
  const job = run(
    'INSERT INTO jobs (job_id, position, state, facts, error, counts, created_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const row = run(
    'INSERT INTO job_rows (job_id, ordinal, row_id, source, destination, state, result_digest, existing_digest, error, recipe) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const manifest = run('INSERT INTO job_manifests (job_id, digest, media_type, bytes) VALUES (?, ?, ?, ?)');
  const blob = run(
    'INSERT INTO job_blobs (job_id, place, digest, size, media_type, role, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    job: (of: JobRecord) =>
      job(
        of.jobId,
        of.position,
        of.state,
        of.facts,
        of.error ?? null,
        of.counts ?? null,
        of.createdAt,
        of.finishedAt ?? null,
      ),
    row: (jobId: string, of: JobRowRecord & { readonly recipe?: string }) =>
      row(
        jobId,
        of.ordinal,
        of.rowId,
        of.source,
        of.destination,
        of.state,
        of.resultDigest ?? null,
        of.existingDigest ?? null,
        of.error ?? null,
        of.recipe ?? null,
      ),
    manifest: (jobId: string, of: JobManifestRecord) => manifest(jobId, of.digest, of.mediaType, of.bytes),
    blob: (jobId: string, of: JobBlobRecord) =>
      blob(jobId, of.place, of.digest, of.sizeBytes, of.mediaType, of.role, of.state),
  };
}

const ROW_COLUMNS =
  'ordinal, row_id, source, destination, state, result_digest, existing_digest, source_moved_to, error';

function toJob(row: unknown): JobRecord {
  const { job_id: jobId, created_at: createdAt, finished_at: finishedAt, error, counts, ...rest } = jobRow.parse(row);
  return {
    jobId,
    createdAt,
    ...rest,
    ...(error === undefined ? {} : { error }),
    ...(counts === undefined ? {} : { counts }),
    ...(finishedAt === null ? {} : { finishedAt }),
  };
}

function toRow(row: unknown): JobRowRecord {
  const { row_id: rowId, result_digest, existing_digest, source_moved_to, error, ...rest } = rowRow.parse(row);
  return {
    rowId,
    ...rest,
    ...(result_digest === undefined ? {} : { resultDigest: result_digest }),
    ...(existing_digest === undefined ? {} : { existingDigest: existing_digest }),
    ...(source_moved_to === undefined ? {} : { sourceMovedTo: source_moved_to }),
    ...(error === undefined ? {} : { error }),
  };
}

function toBlob(row: unknown): JobBlobRecord {
  const { size: sizeBytes, media_type: mediaType, ...rest } = blobRow.parse(row);
  return { sizeBytes, mediaType, ...rest };
}

function toManifest(row: unknown): JobManifestRecord {
  const { media_type: mediaType, ...rest } = manifestRow.parse(row);
  return { mediaType, ...rest };
}
