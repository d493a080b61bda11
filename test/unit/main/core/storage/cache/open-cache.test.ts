import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cache, openCache } from '#main/core/storage/cache/open-cache.ts';
import type { ForgottenRows } from '#main/core/storage/forgotten-rows.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { openTestStorage } from '#test/support/storage.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { createTestClock } from '#test/support/test-clock.ts';

const MIB = 1024 * 1024;
const OWNER = { registryId: 'one', identity: 'alice' };
const bytes = (text: string): Buffer => Buffer.from(text);

type SetUp = {
  readonly dataDir?: string;
  readonly limitBytes?: number;
  /** Where it stands what is to be forgotten; in `dataDir` when absent. */
  readonly forgotten?: ForgottenRows;
};

function setUp(options: SetUp = {}) {
  const { dataDir = temporaryFolder(), limitBytes = 10 * MIB } = options;
  const forgotten = options.forgotten ?? openTestStorage(dataDir).forgotten;
  const logger = recordingLogger();
  const sleeper = createTestClock();
  let now = 1_000_000;
  const clock = { now: () => now, sleep: (ms: number, signal?: AbortSignal) => sleeper.sleep(ms, signal) };
  const cache: Cache = openCache({ dataDir, limitBytes, forgotten, logger, clock });
  onTestFinished(() => cache.close());
  const pass = (ms: number): void => void (now += ms);
  const path = join(dataDir, 'cache.db');
  return { cache, shelf: cache.shelf(OWNER), dataDir, forgotten, logger, path, pass, sleeper };
}

/** Registries whose entries are in the file, each as often as it has some. */
function kept(path: string): readonly unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare('SELECT registry_id FROM entries').all();
  db.close();
  return rows.map((row) => row['registry_id']);
}

describe('openCache', () => {
  it('finds what was kept again after a restart, with the time it was seen', () => {
    const first = setUp();
    first.shelf.put('manifest', 'a', bytes('one'), 'note');
    first.pass(5);
    first.shelf.put('manifest', 'b', bytes('two'));
    first.cache.close();
    const { shelf } = setUp({ dataDir: first.dataDir });
    expect(shelf.get('manifest', 'a')).toEqual({
      value: new Uint8Array(bytes('one')),
      note: 'note',
      seenAt: 1_000_000,
    });
    expect(shelf.get('manifest', 'b')).toMatchObject({ note: '', seenAt: 1_000_005 });
    expect(shelf.get('blob', 'a')).toBeUndefined();
  });

  it('puts a new entry in place of the old one, and drops', () => {
    const { shelf, pass } = setUp();
    shelf.put('tag', 'a', bytes('one'));
    pass(10);
    shelf.put('tag', 'a', bytes('two'));
    expect(shelf.get('tag', 'a')).toMatchObject({ value: new Uint8Array(bytes('two')), seenAt: 1_000_010 });
    shelf.drop('tag', 'a');
    expect(shelf.get('tag', 'a')).toBeUndefined();
  });

  it('drops what begins alike, of one kind and one sign-in only', () => {
    const { cache, shelf } = setUp();
    const bob = cache.shelf({ ...OWNER, identity: 'bob' });
    const keys = ['a@1', 'a@2', 'a@\u{10ffff}', 'a', 'a/b@1', 'ab@1', 'b@1', 'a:1', '%@1'];
    for (const key of keys) {
      for (const each of [shelf, bob]) each.put('blob', key, bytes('x'));
      shelf.put('tag', key, bytes('x'));
    }
    shelf.dropStarting('blob', 'a@');
    const left = keys.filter((key) => shelf.get('blob', key) !== undefined);
    expect(left).toEqual(['a', 'a/b@1', 'ab@1', 'b@1', 'a:1', '%@1']);
    expect(keys.filter((key) => bob.get('blob', key) === undefined || shelf.get('tag', key) === undefined)).toEqual([]);
    shelf.dropStarting('blob', '');
    expect(keys.filter((key) => shelf.get('blob', key) !== undefined)).toEqual([]);
  });

  it('drops for everybody who has seen a registry, and of no other', () => {
    const { cache, shelf } = setUp();
    const shelves = [shelf, cache.shelf({ ...OWNER, identity: 'bob' }), cache.shelf({ ...OWNER, registryId: 'other' })];
    for (const each of shelves) {
      for (const key of ['a:1', 'a:2', 'b:1']) each.put('tag', key, bytes('x'));
    }
    const everybodys = cache.everybodys(OWNER.registryId);
    everybodys.drop('tag', 'b:1');
    everybodys.dropStarting('tag', 'a:');
    const left = shelves.map((each) => ['a:1', 'a:2', 'b:1'].filter((key) => each.get('tag', key) !== undefined));
    expect(left).toEqual([[], [], ['a:1', 'a:2', 'b:1']]);
  });

  it('shows nobody what another sign-in saw, nor what was seen of another registry', () => {
    const { cache, shelf } = setUp();
    shelf.put('tag', 'a', bytes('secret name'));
    expect(cache.shelf({ ...OWNER, identity: 'bob' }).get('tag', 'a')).toBeUndefined();
    expect(cache.shelf({ ...OWNER, registryId: 'two' }).get('tag', 'a')).toBeUndefined();
  });

  it('forgets a registry whole, and no other', async () => {
    const { cache, shelf, path } = setUp();
    const bob = cache.shelf({ ...OWNER, identity: 'bob' });
    const other = cache.shelf({ ...OWNER, registryId: 'two' });
    for (const each of [shelf, bob, other]) each.put('tag', 'a', bytes('x'));
    cache.forget('one');
    expect(shelf.get('tag', 'a')).toBeUndefined();
    expect(bob.get('tag', 'a')).toBeUndefined();
    expect(other.get('tag', 'a')).toBeDefined();
    await cache.settled();
    expect(kept(path)).toEqual(['two']);
    expect(statSync(`${path}-wal`).size).toBe(0);
    shelf.put('tag', 'a', bytes('seen anew'));
    expect(shelf.get('tag', 'a')).toBeDefined();
  });

  it('deletes much of it bit by bit, and serves everybody else meanwhile', async () => {
    const { cache, shelf, path } = setUp({ limitBytes: 100 * MIB });
    const other = cache.shelf({ ...OWNER, registryId: 'two' });
    for (let count = 0; count < 200; count += 1) shelf.put('blob', String(count), Buffer.alloc(100 * 1024, count));
    const left: number[] = [];
    cache.forget('one');
    for (let turn = 0; left.at(-1) !== 0; turn += 1) {
      await nextTurn();
      left.push(kept(path).filter((id) => id === 'one').length);
      expect(shelf.get('blob', '199')).toBeUndefined();
      other.put('tag', String(turn), bytes('x'));
      expect(other.get('tag', String(turn))).toBeDefined();
    }
    // A mebibyte is eleven of these entries at most.
    expect(left.every((count, index) => (left[index - 1] ?? 200) - count <= 11)).toBe(true);
  });

  it('shows nothing of what could not be forgotten while another process writes, and deletes it afterwards', async () => {
    const { cache, shelf, path, logger, sleeper } = setUp();
    const other = cache.shelf({ ...OWNER, registryId: 'two' });
    for (const each of [shelf, other]) each.put('tag', 'a', bytes('x'));
    const writer = new DatabaseSync(path);
    onTestFinished(() => writer.close());
    writer.exec('BEGIN IMMEDIATE');
    cache.forget('one');
    await sleeper.settle();
    expect(logger.lines.map((line) => line.event)).toEqual(['cache.failed']);
    expect(shelf.get('tag', 'a')).toBeUndefined();
    shelf.put('tag', 'b', bytes('x'));
    expect(shelf.get('tag', 'b')).toBeUndefined();
    expect(other.get('tag', 'a')).toBeDefined();
    writer.exec('COMMIT');
    await sleeper.advance(1000);
    await cache.settled();
    expect(kept(path)).toEqual(['two']);
  });

  it('does not call forgotten what another process may still read in the log', async () => {
    const { cache, shelf, path, forgotten, sleeper } = setUp();
    shelf.put('tag', 'a', bytes('x'));
    const reader = new DatabaseSync(path);
    onTestFinished(() => reader.close());
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM entries').get();
    cache.forget('one');
    await sleeper.settle();
    expect(forgotten.has('one')).toBe(true);
    reader.exec('COMMIT');
    await sleeper.advance(1000);
    await cache.settled();
    expect(forgotten.list()).toEqual([]);
    expect(statSync(`${path}-wal`).size).toBe(0);
  });

  it('shows nothing after a restart of what was hidden before it, and deletes it', async () => {
    const first = setUp();
    first.shelf.put('tag', 'a', bytes('x'));
    first.cache.hide('one');
    expect(first.shelf.get('tag', 'a')).toBeUndefined();
    // As if the process ended here: nothing of it is closed, and the file is copied as it lies there.
    const dataDir = temporaryFolder();
    for (const name of ['cache.db', 'cache.db-wal', 'gantry.db', 'gantry.db-wal']) {
      copyFileSync(join(first.dataDir, name), join(dataDir, name));
    }
    expect(kept(join(dataDir, 'cache.db'))).toEqual(['one']);
    const { cache, shelf, path } = setUp({ dataDir });
    expect(shelf.get('tag', 'a')).toBeUndefined();
    await cache.settled();
    expect(kept(path)).toEqual([]);
    shelf.put('tag', 'a', bytes('seen anew'));
    expect(shelf.get('tag', 'a')).toBeDefined();
  });

  it('shows again what was hidden in vain, but not what was to be forgotten before', async () => {
    const { cache, shelf, forgotten } = setUp();
    const other = cache.shelf({ ...OWNER, registryId: 'two' });
    for (const each of [shelf, other]) each.put('tag', 'a', bytes('x'));
    const showAgain = cache.hide('one');
    expect(shelf.get('tag', 'a')).toBeUndefined();
    showAgain();
    expect(shelf.get('tag', 'a')).toBeDefined();
    cache.forget('two');
    cache.hide('two')();
    expect(other.get('tag', 'a')).toBeUndefined();
    await cache.settled();
    expect(forgotten.list()).toEqual([]);
  });

  it('shows nothing while it cannot be known what is hidden, and no more of what it could not note', async () => {
    const noted = openTestStorage().forgotten;
    let isLocked = false;
    const check = (): void => {
      if (isLocked) throw new Error('database is locked');
    };
    const forgotten: ForgottenRows = {
      list: () => (check(), noted.list()),
      has: (id) => (check(), noted.has(id)),
      add: (id) => (check(), noted.add(id)),
      remove: (id) => (check(), noted.remove(id)),
    };
    const { cache, shelf, path, sleeper } = setUp({ forgotten });
    const other = cache.shelf({ ...OWNER, registryId: 'two' });
    for (const each of [shelf, other]) each.put('tag', 'a', bytes('x'));
    isLocked = true;
    expect(() => cache.hide('one')).toThrow('locked');
    cache.forget('one');
    expect(other.get('tag', 'a')).toBeUndefined();
    await sleeper.settle();
    isLocked = false;
    expect(shelf.get('tag', 'a')).toBeUndefined();
    expect(other.get('tag', 'a')).toBeDefined();
    await sleeper.advance(1000);
    await cache.settled();
    expect(kept(path)).toEqual(['two']);
  });

  it('forgets what belongs to no registry any more', async () => {
    const { cache, shelf, path } = setUp();
    for (const registryId of ['two', 'three']) cache.shelf({ ...OWNER, registryId }).put('tag', 'a', bytes('x'));
    shelf.put('tag', 'a', bytes('x'));
    cache.forgetOthers(['local', 'two']);
    await cache.settled();
    expect(kept(path)).toEqual(['two']);
  });

  it('FI31 lets the least recently used go when it is full, and stays within its limit', async () => {
    const { cache, shelf, pass } = setUp({ limitBytes: MIB });
    const block = Buffer.alloc(100 * 1024, 1);
    for (let count = 0; count < 9; count += 1) {
      shelf.put('blob', String(count), block);
      pass(60_000);
    }
    expect(shelf.get('blob', '0')).toBeDefined();
    for (let count = 9; count < 13; count += 1) {
      shelf.put('blob', String(count), block);
      pass(60_000);
    }
    await cache.settled();
    const left = Array.from({ length: 13 }, (_each, count) => count).filter((count) =>
      shelf.get('blob', String(count)),
    );
    expect(left).toContain(0);
    expect(left).not.toContain(1);
    expect(left).toContain(12);
    expect(left.length).toBeLessThanOrEqual(10);
  });

  it('does not let one entry push out all others', () => {
    const { shelf } = setUp({ limitBytes: MIB });
    shelf.put('tag', 'a', bytes('x'));
    shelf.put('blob', 'b', Buffer.alloc(2 * MIB));
    expect(shelf.get('tag', 'a')).toBeDefined();
    expect(shelf.get('blob', 'b')).toBeUndefined();
  });

  it('gives the disk back when the limit is lowered, and keeps nothing at 0', async () => {
    const { cache, shelf, path } = setUp();
    for (let count = 0; count < 40; count += 1) shelf.put('blob', String(count), Buffer.alloc(200 * 1024, count));
    cache.setLimit(MIB);
    await cache.settled();
    expect(
      Array.from({ length: 40 }, (_each, count) => shelf.get('blob', String(count))).filter(Boolean).length,
    ).toBeLessThan(6);
    cache.setLimit(0);
    expect(shelf.get('blob', '39')).toBeUndefined();
    shelf.put('blob', 'x', bytes('x'));
    expect(shelf.get('blob', 'x')).toBeUndefined();
    cache.close();
    expect(statSync(path).size).toBeLessThan(200 * 1024);
  });

  it('is readable by its owner only', () => {
    expect(statSync(setUp().path).mode & 0o777).toBe(0o600);
  });

  it.each<readonly [string, (path: string) => void]>([
    ['no database', (path) => writeFileSync(path, 'not a database, but long enough to be taken for one'.repeat(100))],
    [
      'of another version',
      (path) => {
        const db = new DatabaseSync(path);
        db.exec('CREATE TABLE entries (x); PRAGMA user_version = 99');
        db.close();
      },
    ],
  ])('deletes a file that is %s, begins anew, and says so in the log', (_name, damage) => {
    const dataDir = temporaryFolder();
    damage(join(dataDir, 'cache.db'));
    const { shelf, logger } = setUp({ dataDir });
    shelf.put('tag', 'a', bytes('x'));
    expect(shelf.get('tag', 'a')).toBeDefined();
    expect(logger.lines.map((line) => line.event)).toEqual(['cache.begun-anew']);
  });

  it('FI31 begins anew when damage shows up while it is open', () => {
    const first = setUp();
    for (let count = 0; count < 200; count += 1) first.shelf.put('blob', String(count), Buffer.alloc(20_000, count));
    first.cache.close();
    const content = readFileSync(first.path);
    writeFileSync(first.path, content.fill(0xff, 8192));
    const { shelf, logger } = setUp({ dataDir: first.dataDir });
    for (let count = 0; count < 200; count += 1) shelf.get('blob', String(count));
    shelf.put('tag', 'a', bytes('x'));
    expect(shelf.get('tag', 'a')).toBeDefined();
    expect(logger.lines.map((line) => line.event)).toContain('cache.begun-anew');
  });

  it('FI31 keeps nothing, and fails nobody, where no file can be made', () => {
    const dataDir = join(temporaryFolder(), 'missing');
    const { cache, shelf, logger } = setUp({ dataDir, forgotten: openTestStorage().forgotten });
    shelf.put('tag', 'a', bytes('x'));
    expect(shelf.get('tag', 'a')).toBeUndefined();
    cache.forget('one');
    expect(existsSync(dataDir)).toBe(false);
    expect(logger.lines.map((line) => line.event)).toEqual(['cache.unavailable']);
  });

  it('opens while another process writes', () => {
    const first = setUp();
    first.shelf.put('tag', 'a', bytes('x'));
    const writer = new DatabaseSync(first.path);
    onTestFinished(() => writer.close());
    writer.exec('BEGIN IMMEDIATE');
    const { shelf, logger, pass } = setUp({ dataDir: first.dataDir });
    expect(shelf.get('tag', 'a')).toBeDefined();
    expect(logger.lines).toEqual([]);
    // That it was used cannot be noted now; it is shown all the same.
    pass(60_000);
    expect(shelf.get('tag', 'a')).toEqual({ value: new Uint8Array(bytes('x')), note: '', seenAt: 1_000_000 });
    writer.exec('COMMIT');
    shelf.put('tag', 'b', bytes('y'));
    expect(shelf.get('tag', 'b')).toBeDefined();
  });

  it('serves two processes on one folder', () => {
    const first = setUp();
    const second = setUp({ dataDir: first.dataDir });
    first.shelf.put('tag', 'a', bytes('x'));
    expect(second.shelf.get('tag', 'a')).toBeDefined();
    second.shelf.put('tag', 'b', bytes('y'));
    expect(first.shelf.get('tag', 'b')).toBeDefined();
  });
});
