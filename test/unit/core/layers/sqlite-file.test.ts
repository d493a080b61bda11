import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatabaseError } from '#main/core/layers/packages/database-error.ts';
import { readSqliteTable, type SqliteValue } from '#main/core/layers/packages/sqlite-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

type Column = SQLInputValue;

/** A database that SQLite itself writes. */
function databaseOf(rows: readonly (readonly [Column, Column])[], before: string = ''): Buffer {
  const path = join(temporaryFolder(), 'file.sqlite');
  const database = new DatabaseSync(path);
  database.exec(`${before}; CREATE TABLE Other(x); CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob, more)`);
  const insert = database.prepare('INSERT INTO Packages(blob, more) VALUES (?, ?)');
  database.exec('BEGIN');
  for (const row of rows) insert.run(...row);
  database.exec('COMMIT');
  database.close();
  return readFileSync(path);
}

const read = (file: Buffer, table = 'Packages') => [...readSqliteTable(file, table)];
const plain = (value: SqliteValue | Column | undefined) =>
  value instanceof Uint8Array
    ? `x${Buffer.from(value).toString('hex')}`
    : typeof value === 'bigint'
      ? Number(value)
      : (value ?? null);

describe('readSqliteTable', () => {
  it('reads what SQLite wrote: any values, any page size, rows over many pages', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number)),
      fc.string(),
      fc.uint8Array({ maxLength: 60 }),
      fc.nat({ max: 9000 }).map((length) => Buffer.alloc(length, 7)),
      fc.nat({ max: 9000 }).map((length) => 'ü'.repeat(length)),
    );
    const pages = fc.constantFrom(512, 1024, 4096, 65_536);
    const encodings = fc.constantFrom('UTF-8', 'UTF-16le');
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 40 }), pages, encodings, (rows, page, encoding) => {
        // A text that ends at a NUL would do so in SQLite too.
        fc.pre(
          !rows.flat().some((value) => typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())),
        );
        const file = databaseOf(rows, `PRAGMA page_size=${page}; PRAGMA encoding='${encoding}'`);
        expect(read(file).map(([, ...values]) => values.map(plain))).toEqual(rows.map((row) => row.map(plain)));
      }),
      { numRuns: 40 },
    );
  });

  it('reads a table of many pages in the order of its ids', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [index, `row ${index}`] as const);
    expect(read(databaseOf(rows)).map(([, value]) => value)).toEqual(rows.map(([value]) => value));
  });

  it('refuses what is no database, and a database without the table', () => {
    expect(() => read(Buffer.from('no'))).toThrow(DatabaseError);
    expect(() => read(Buffer.alloc(4096))).toThrow(DatabaseError);
    expect(() => read(databaseOf([]), 'None')).toThrow('there is no table None');
  });

  it('runs nothing: a view of that name is no table, however long its statement would take', () => {
    const endless = `CREATE VIEW Endless AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c`;
    expect(() => read(databaseOf([], endless), 'Endless')).toThrow('there is no table Endless');
  });

  it('comes to an end whatever its bytes say, with rows or a DatabaseError', () => {
    const rows = Array.from({ length: 60 }, (_, index) => [Buffer.alloc(index * 40, index), index] as const);
    const file = databaseOf(rows, 'PRAGMA page_size=512');
    const change = fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 30 }),
        fc.nat({ max: file.length }),
        (changes, length) => {
          const broken = Buffer.from(length % 3 === 0 ? file.subarray(0, length) : file);
          for (const [at, byte] of changes) if (at < broken.length) broken[at] = byte;
          let found: unknown;
          try {
            found = read(broken);
          } catch (error) {
            found = error;
          }
          expect(Array.isArray(found) || found instanceof DatabaseError).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
