import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '#main/core/storage/open-database.ts';
import { currentVersion, migrate, MIGRATIONS } from '#main/core/storage/migrations.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { aRegistryRow } from '#test/support/registry-row.ts';
import { openTestStorage } from '#test/support/storage.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const clock = createSystemClock();
const runFile = promisify(execFile);

function open(dataDir: string, logger = recordingLogger()): DatabaseSync {
  const { db } = openDatabase({ dataDir, logger, clock });
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

describe('openDatabase', () => {
  it('makes the file and its companions readable by their owner only', () => {
    const dataDir = temporaryFolder();
    open(dataDir).exec("INSERT INTO settings VALUES ('theme', '1')");
    const modes = readdirSync(dataDir).map((name) => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]);
    expect(modes.toSorted(([a], [b]) => a!.localeCompare(b!))).toEqual([
      ['gantry.db', '600'],
      ['gantry.db-shm', '600'],
      ['gantry.db-wal', '600'],
    ]);
  });

  it('tightens the mode of a file that was left open to others', () => {
    const dataDir = temporaryFolder();
    open(dataDir).close();
    chmodSync(join(dataDir, 'gantry.db'), 0o644);
    open(dataDir);
    expect(statSync(join(dataDir, 'gantry.db')).mode & 0o777).toBe(0o600);
  });

  it('uses write-ahead logging and checks foreign keys', () => {
    const db = open(temporaryFolder());
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(() => db.exec("INSERT INTO pins VALUES ('nobody', 'a', 1)")).toThrow(/FOREIGN KEY/);
  });

  it('finds again what was written before', () => {
    const dataDir = temporaryFolder();
    const first = openTestStorage(dataDir);
    first.registries.insert(aRegistryRow());
    first.close();
    expect(openTestStorage(dataDir).registries.list()).toHaveLength(2);
  });

  it('moves a file that is no database aside, whole, and says so', () => {
    const dataDir = temporaryFolder();
    const content = 'these are not the bytes of a database\n'.repeat(50);
    writeFileSync(join(dataDir, 'gantry.db'), content);
    const logger = recordingLogger();
    const db = open(dataDir, logger);
    expect(currentVersion(db)).toBe(MIGRATIONS.length);
    const aside = readdirSync(dataDir).filter((name) => name.startsWith('gantry.db.corrupt-'));
    expect(aside).toHaveLength(1);
    expect(readFileSync(join(dataDir, aside[0]!), 'utf8')).toBe(content);
    expect(logger.lines).toMatchObject([{ level: 'warn', event: 'storage.corrupt-database-moved-aside' }]);
  });

  it('moves a database with a damaged page aside', () => {
    const dataDir = temporaryFolder();
    const path = join(dataDir, 'gantry.db');
    open(dataDir).close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096, bytes.length);
    writeFileSync(path, bytes);
    open(dataDir);
    expect(readdirSync(dataDir).filter((name) => name.includes('.corrupt-'))).toHaveLength(1);
  });

  it('keeps every corrupt file it meets within one instant', () => {
    const dataDir = temporaryFolder();
    const stopped = { ...clock, now: () => 0 };
    for (const content of ['first, not a database', 'second, not a database']) {
      writeFileSync(join(dataDir, 'gantry.db'), content.repeat(100));
      openDatabase({ dataDir, logger: recordingLogger(), clock: stopped }).db.close();
    }
    expect(readdirSync(dataDir).filter((name) => name.includes('.corrupt-'))).toHaveLength(2);
  });

  it('leaves a database of a newer Gantry alone', () => {
    const dataDir = temporaryFolder();
    const db = open(dataDir);
    db.exec("INSERT INTO migrations VALUES (999, '2030-01-01')");
    db.close();
    expect(() => open(dataDir)).toThrow(
      expect.objectContaining({ kind: 'disk', reason: 'the database was made by a newer version of Gantry' }),
    );
    expect(readdirSync(dataDir)).toEqual(['gantry.db']);
  });

  it('refuses a data folder that is not there with a disk error', () => {
    expect(() => open(join(temporaryFolder(), 'missing'))).toThrow(expect.objectContaining({ kind: 'disk' }));
  });

  it('serves two open connections, each seeing what the other wrote', () => {
    const dataDir = temporaryFolder();
    const [one, two] = [openTestStorage(dataDir), openTestStorage(dataDir)];
    one.registries.insert(aRegistryRow({ id: 'one', host: 'one.example' }));
    two.registries.insert(aRegistryRow({ id: 'two', host: 'two.example' }));
    const ids = ['local', 'one', 'two'];
    expect(one.registries.list().map((row) => row.id)).toEqual(ids);
    expect(two.registries.list().map((row) => row.id)).toEqual(ids);
  });

  it('is made, migrated and written by several processes at once without a loss', async () => {
    const dataDir = temporaryFolder();
    const writer = resolve(import.meta.dirname, '../../../../support/storage-writer.ts');
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => runFile(process.execPath, [writer, dataDir, name])));
    expect(answers.map((answer) => answer.stdout)).toEqual(names.map(() => '[]'));
    const storage = openTestStorage(dataDir);
    expect(storage.registries.list()).toHaveLength(41);
    expect(storage.pins.list()).toHaveLength(40);
    expect(readdirSync(dataDir).filter((name) => name.includes('corrupt'))).toEqual([]);
  });
});

describe('migrate', () => {
  const [first] = MIGRATIONS;

  it('brings an old database forward and keeps its rows', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, [first!]);
    db.exec("INSERT INTO settings VALUES ('theme', '\"dark\"')");
    migrate(db, [first!, { version: 2, sql: 'ALTER TABLE registries ADD COLUMN colour TEXT' }]);
    expect(currentVersion(db)).toBe(2);
    expect(db.prepare('SELECT value FROM settings').all()).toEqual([{ value: '"dark"' }]);
  });

  it('runs nothing twice', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db);
    migrate(db);
    expect(db.prepare('SELECT count(*) AS count FROM migrations').get()).toEqual({ count: MIGRATIONS.length });
  });

  it('leaves no trace of a migration that fails half-way', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db);
    const broken = {
      version: MIGRATIONS.length + 1,
      sql: 'CREATE TABLE half (a TEXT); INSERT INTO nowhere VALUES (1)',
    };
    expect(() => migrate(db, [...MIGRATIONS, broken])).toThrow(/nowhere/);
    expect(currentVersion(db)).toBe(MIGRATIONS.length);
    expect(db.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ count: 0 });
  });

  it('keeps registries and pins of version 1', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('PRAGMA foreign_keys = ON');
    migrate(db, MIGRATIONS.slice(0, 1));
    db.exec(`INSERT INTO registries (id, kind, host, auth_kind, username, position)
               VALUES ('r1', 'remote', 'reg.example', 'password', 'alice', 1);
             INSERT INTO pins VALUES ('r1', 'team/app', 1)`);
    migrate(db);
    expect(db.prepare('SELECT id, username, reach FROM registries ORDER BY id').all()).toEqual([
      { id: 'local', username: null, reach: '{}' },
      { id: 'r1', username: 'alice', reach: '{}' },
    ]);
    expect(db.prepare('SELECT * FROM pins').all()).toEqual([
      { registry_id: 'r1', repository: 'team/app', position: 1 },
    ]);
    db.exec("DELETE FROM registries WHERE id = 'r1'");
    expect(db.prepare('SELECT count(*) AS count FROM pins').get()).toEqual({ count: 0 });
  });

  it('numbers its migrations from 1 without a gap', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });
});
