import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewJob } from '#main/core/storage/journal/journal-types.ts';
import { openJournal } from '#main/core/storage/journal/open-journal.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { createTestClock } from '#test/support/test-clock.ts';

/** Watching system calls is not allowed in every container. */
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

let dataDir: string;
const failures: unknown[] = [];
const opened: { close(): void }[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gantry-journal-'));
  failures.length = 0;
});
afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(logger = recordingLogger()) {
  const onFailure = (error: unknown) => failures.push(error);
  const result = openJournal({ dataDir, logger, clock: createTestClock(), onFailure });
  opened.push(result.journal);
  return result;
}

const row = (ordinal: number, recipe?: string) => ({
  ordinal,
  rowId: `row ${ordinal}`,
  source: 'from',
  destination: 'to',
  state: 'queued',
  ...(recipe === undefined ? {} : { recipe }),
});

const job = (jobId: string, parts: Partial<NewJob> = {}): NewJob => ({
  job: { jobId, position: 0, state: 'queued', facts: '{}', createdAt: 1 },
  rows: [row(0, '{"recipe":0}'), row(1)],
  manifests: [{ digest: 'd', mediaType: 'm', bytes: Buffer.from('bytes') }],
  blobs: [{ place: 'p', digest: 'd', sizeBytes: 5, mediaType: 'm', role: 'layer', state: 'absent' }],
  ...parts,
});

describe('openJournal', () => {
  it('gives back what was put in, after it was closed and opened again', () => {
    const { journal, isShared } = open();
    expect(isShared).toBe(false);
    journal.addJob(job('a'));
    journal.setState('a', { state: 'failed', error: '{"kind":"disk"}', counts: '{}', finishedAt: 7 });
    journal.changeRow('a', 0, { state: 'conflict', destination: 'elsewhere', existingDigest: 'x', recipe: 'new' });
    journal.noteRow('a', 1, { state: 'failed', error: 'why' });
    journal.noteBlob('a', 'p', 'd', 'done');
    journal.noteLog('a', { at: 3, text: 'a line' });
    journal.keepSession('p', 'd', 'secret address');
    journal.close();
    const again = open().journal;
    expect(again.jobs()).toEqual([
      {
        jobId: 'a',
        position: 0,
        state: 'failed',
        facts: '{}',
        createdAt: 1,
        error: '{"kind":"disk"}',
        counts: '{}',
        finishedAt: 7,
      },
    ]);
    expect(again.rows('a')).toEqual([
      { ...row(0), state: 'conflict', destination: 'elsewhere', existingDigest: 'x' },
      { ...row(1), state: 'failed', error: 'why' },
    ]);
    expect(again.recipe('a', 0)).toBe('new');
    expect(again.recipe('a', 1)).toBeUndefined();
    expect(again.manifest('a', 'd')).toEqual({
      digest: 'd',
      mediaType: 'm',
      bytes: new Uint8Array(Buffer.from('bytes')),
    });
    expect(again.manifest('a', 'other')).toBeUndefined();
    expect(again.blobs('a')).toMatchObject([{ place: 'p', digest: 'd', sizeBytes: 5, state: 'done' }]);
    expect(again.log('a')).toEqual([{ at: 3, text: 'a line' }]);
    expect(again.session('p', 'd')).toBe('secret address');
  });

  it('keeps a recipe that a decision does not change', () => {
    const { journal } = open();
    journal.addJob(job('a'));
    journal.changeRow('a', 0, { state: 'skipped', destination: 'to' });
    expect(journal.recipe('a', 0)).toBe('{"recipe":0}');
  });

  it('is readable by nobody else', () => {
    open();
    expect(statSync(join(dataDir, 'transfers.db')).mode & 0o077).toBe(0);
  });

  it('syncs what is announced to the disk', () => {
    open().journal.close();
    const db = new DatabaseSync(join(dataDir, 'transfers.db'));
    // The mode of the connection, which cannot be asked from outside: the file's is that of a write-ahead log.
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    db.close();
  });

  it.skipIf(!canTrace)('FI17 has synced the log before it says that a job is kept', () => {
    const script = `
      const { openJournal } = await import('#main/core/storage/journal/open-journal.ts');
      const { writeSync } = await import('node:fs');
      const { journal } = openJournal({
        dataDir: ${JSON.stringify(dataDir)},
        logger: { log: () => undefined },
        clock: { now: Date.now },
        onFailure: (error) => { throw error; },
      });
      for (const jobId of ['a', 'b']) {
        writeSync(1, 'about to keep');
        journal.addJob({ job: { jobId, position: 0, state: 'queued', facts: '{}', createdAt: 1 }, rows: [], manifests: [], blobs: [] });
        writeSync(1, 'kept it');
      }
    `;
    const calls = join(dataDir, 'calls');
    const traced = ['-f', '-y', '-e', 'trace=write,pwrite64,fsync,fdatasync', '-o', calls];
    const { status } = spawnSync('strace', [...traced, process.execPath, '--input-type=module', '-e', script]);
    expect(status).toBe(0);
    const lines = readFileSync(calls, 'utf8').split('\n');
    const kept = lines.flatMap((line, index) => (line.includes('kept it') ? [index] : []));
    expect(kept).toHaveLength(2);
    for (const index of kept) {
      const last = lines.slice(0, index).findLast((line) => line.includes('transfers.db-wal'));
      expect(last).toMatch(/f(data)?sync\(/);
    }
    const between = lines.slice(kept[0], kept[1]).filter((line) => line.includes('transfers.db-wal'));
    expect(between.some((line) => line.includes('pwrite64('))).toBe(true);
  });

  it('has its jobs in the order of the queue', () => {
    const { journal } = open();
    for (const jobId of ['a', 'b', 'c']) journal.addJob(job(jobId));
    journal.setOrder(['c', 'a', 'b']);
    expect(journal.jobs().map(({ jobId }) => jobId)).toEqual(['c', 'a', 'b']);
  });

  it('writes all of a job or nothing of it', () => {
    const { journal } = open();
    const broken = job('a', { rows: [row(0), row(0)] });
    expect(() => journal.addJob(broken)).toThrow('UNIQUE');
    expect(journal.jobs()).toEqual([]);
    journal.addJob(job('a'));
    expect(journal.rows('a')).toHaveLength(2);
  });

  it('lets go of what a job needed to run, and with the job of everything', () => {
    const { journal } = open();
    journal.addJob(job('a'));
    journal.noteLog('a', { at: 1, text: 'kept' });
    journal.forgetContent('a');
    journal.flush();
    expect([journal.recipe('a', 0), journal.manifest('a', 'd'), journal.blobs('a')]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    expect(journal.rows('a')).toHaveLength(2);
    expect(journal.log('a')).toHaveLength(1);
    journal.removeJobs(['a', 'never']);
    expect([journal.jobs(), journal.rows('a'), journal.log('a')]).toEqual([[], [], []]);
  });

  it('forgets an upload when it is over', () => {
    const { journal } = open();
    journal.keepSession('p', 'd', 'one');
    journal.keepSession('p', 'd', 'two');
    expect(journal.session('p', 'd')).toBe('two');
    journal.dropSession('p', 'd');
    expect(journal.session('p', 'd')).toBeUndefined();
  });

  it('keeps a thousand lines of a log, and none of a job that is gone', () => {
    const { journal } = open();
    journal.addJob(job('a'));
    for (let at = 0; at < 1100; at += 1) journal.noteLog('a', { at, text: `${at}` });
    journal.noteLog('gone', { at: 1, text: 'x' });
    expect(journal.log('a')).toHaveLength(1000);
    expect(journal.log('gone')).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('FI31 moves a damaged journal aside, says where, and begins anew', () => {
    writeFileSync(join(dataDir, 'transfers.db'), 'no database at all '.repeat(100));
    const { journal, movedAside } = open();
    expect(journal.jobs()).toEqual([]);
    const aside = readdirSync(dataDir).find((name) => name.startsWith('transfers.db.corrupt-'));
    expect(movedAside).toBe(join(dataDir, aside!));
    journal.addJob(job('a'));
    expect(journal.jobs()).toHaveLength(1);
  });

  it('FI31 finds damage in the middle of the file', () => {
    const { journal } = open();
    const manifests = Array.from({ length: 50 }, (_, index) => ({
      digest: `d${index}`,
      mediaType: 'm',
      bytes: Buffer.alloc(5000, index),
    }));
    journal.addJob(job('a', { manifests }));
    journal.close();
    const path = join(dataDir, 'transfers.db');
    const db = new DatabaseSync(path);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(path);
    // The first bytes of each of some pages say what they are.
    for (let page = 10; page < 20; page += 1) bytes.fill(0xff, page * 4096, page * 4096 + 16);
    writeFileSync(path, bytes);
    expect(open().movedAside).toBeDefined();
  });

  it('is in memory while another process has the file, and says so', async () => {
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(${JSON.stringify(join(dataDir, 'transfers.db'))});
      db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)');
      console.log('has it');
      setInterval(() => undefined, 1000);
    `;
    const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout, 'data');
    const { journal, isShared } = open();
    expect(isShared).toBe(true);
    journal.addJob(job('a'));
    expect(journal.jobs()).toHaveLength(1);
    const gone = once(other, 'exit');
    other.kill('SIGKILL');
    await gone;
    expect(open().isShared).toBe(false);
  });

  it('tells of a write that failed later', async () => {
    const { journal } = open();
    journal.addJob(job('a'));
    const text = undefined as unknown as string;
    journal.noteLog('a', { at: 1, text });
    await expect.poll(() => failures.length).toBe(1);
    expect(journal.jobs()).toHaveLength(1);
  });

  it('writes what waits when it closes, and may be closed twice', () => {
    const { journal } = open();
    journal.addJob(job('a'));
    journal.noteRow('a', 0, { state: 'done' });
    journal.close();
    journal.close();
    expect(open().journal.rows('a')[0]?.state).toBe('done');
  });
});
