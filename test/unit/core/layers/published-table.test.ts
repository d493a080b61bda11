import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecompressError } from '#main/core/layers/decompress/decompressor.ts';
import { FlatObject } from '#main/core/layers/published/flat-object.ts';
import { TableReader } from '#main/core/layers/published/read-table.ts';

const NAMES = ['name', 'size', 'naïve', 'xattrs', ''];

/** What the fields of every entry are, the text cut at these places; or why there is no table. */
function readTable(
  json: string | Buffer,
  cuts: readonly number[] = [],
): readonly Record<string, unknown>[] | 'refused' {
  const text = Buffer.from(json);
  const entries: Record<string, unknown>[] = [];
  const entry = new FlatObject(NAMES);
  const table = new TableReader(entry, () => {
    entries.push(Object.fromEntries(NAMES.map((name, field) => [name, entry.value(field)])));
  });
  const places = cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b);
  try {
    let start = 0;
    for (const place of [...places, text.length]) {
      table.write(text.subarray(start, place));
      start = place;
    }
    table.end();
    return entries;
  } catch (error) {
    if (error instanceof DecompressError) return 'refused';
    throw error;
  }
}

const named = (entry: object) => {
  const fields = new Map<string, unknown>(Object.entries(entry));
  return Object.fromEntries(NAMES.map((name) => [name, fields.get(name)]));
};
function isJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString());
    return true;
  } catch {
    return false;
  }
}

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Object.is(each, -0)),
  fc.constantFrom(null, true, false),
  fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
  fc.array(fc.nat(), { maxLength: 3 }),
);
const entryOf = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value, { maxKeys: 6 });
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('a published table', () => {
  test('reads as JSON.parse does, wherever its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(entryOf, { maxLength: 6 }), fc.constantFrom(0, 1), cuts, (entries, indent, places) => {
        const json = JSON.stringify({ version: 1, entries, other: 'a]}"' }, undefined, indent);
        expect(readTable(json, places)).toEqual(entries.map(named));
      }),
    );
  });

  test('with a damaged byte is refused or read as JSON.parse does', () => {
    const whole = Buffer.from(
      JSON.stringify({
        entries: [
          { name: 'a/b', size: 120, xattrs: { a: 'é' } },
          { name: '\n', naïve: null },
        ],
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 127 }), (at, byte) => {
        const text = Buffer.from(whole);
        text[at] = byte;
        fc.pre(isJson(text));
        const list = Object.values(JSON.parse(text.toString()) as object).find((each) => Array.isArray(each));
        expect(['refused', (list as object[] | undefined)?.map(named)]).toContainEqual(readTable(text));
      }),
      { numRuns: 1000, maxSkipsPerRun: 1000 },
    );
  });

  test.for([
    ['a field that is no JSON', '{"entries":[{"name":undefined}]}'],
    ['a missing colon', '{"entries":[{"name" "a"}]}'],
    ['a missing comma', '{"entries":[{"name":"a""size":1}]}'],
    ['a comma at the end of an entry', '{"entries":[{"name":"a",}]}'],
    ['a number with a zero before it', '{"entries":[{"size":012}]}'],
    ['a control character in a string', '{"entries":[{"name":"a\u0001"}]}'],
    ['a wrong escape in what nobody asks for', String.raw`{"entries":[{"other":"\x"}]}`],
    ['entries that are no objects', '{"entries":[1]}'],
    ['two lists', '{"entries":[],"more":[]}'],
    ['an object beside its entries', '{"entries":[],"more":{}}'],
    ['no list', '{"version":1}'],
    ['no end', '{"entries":[{"name":"a"}]'],
    ['an entry without end', '{"entries":[{"name":"a"'],
    ['more behind its end', '{"entries":[]}{}'],
    ['a list in place of an object', '[]'],
    ['values deeper than any table has', `{"entries":[{"xattrs":${'['.repeat(9)}${']'.repeat(9)}}]}`],
  ] as const)('with %s is refused', ([, json]) => {
    expect(readTable(json)).toBe('refused');
  });

  test('with an entry of more than 4 MiB is refused', () => {
    expect(readTable(`{"entries":[{"name":"${'a'.repeat(5 << 20)}`, [1 << 20, 2 << 20])).toBe('refused');
  });

  test('takes the last of a field that comes twice', () => {
    expect(readTable('{"entries":[{"size":1,"name":"a","size":"2"}]}')).toEqual([named({ size: '2', name: 'a' })]);
  });
});
