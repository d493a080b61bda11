import {
  type Arbitrary,
  array,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  string,
  tuple,
  uint8Array,
} from 'fast-check';
import { base256, END, MAGIC, octal, padded, paxRecord, rawHeader, rawLong, rawPax } from './raw-tar.ts';

const latin1 = (arbitrary: Arbitrary<Uint8Array>) => arbitrary.map((bytes) => Buffer.from(bytes).toString('latin1'));
/** Once in so many times. */
function seldom<T>(arbitrary: Arbitrary<T>, times: number): Arbitrary<T | undefined> {
  return oneof({ weight: times - 1, arbitrary: constant(undefined) }, { weight: 1, arbitrary });
}

const nameCharacter = constantFrom('a', 'b', '/', '.', '-', '_', ' ', 'é', '\u00ff', '\u0001', '\\', ':', '"');
const name = oneof(
  string({ unit: nameCharacter, minLength: 1, maxLength: 30 }),
  string({ unit: constantFrom('a', 'b', 'c', '/'), minLength: 95, maxLength: 110 }),
  constantFrom('dir/', './a', '/abs', '../up', 'a//b', '.', '.wh.x', ''),
);

/** A field of numbers: mostly right, now and then what programs quarrel about. */
function numeric(value: Arbitrary<number>, length: number): Arbitrary<string | Uint8Array> {
  return oneof(
    { weight: 700, arbitrary: value.map((each) => octal(each, length)) },
    { weight: 2, arbitrary: value.map((each) => `${each.toString(8).padStart(length - 1, ' ')} `) },
    { weight: 2, arbitrary: value.map((each) => base256(BigInt(each), length)) },
    { weight: 1, arbitrary: value.map((each) => base256(BigInt(-each), length)) },
    { weight: 1, arbitrary: value.map((each) => `${each.toString(8)} 7`.padEnd(length, ' ')) },
    { weight: 1, arbitrary: constantFrom('', ' '.repeat(length), '8'.repeat(length), '+AAAAA', '-1', '0x10') },
    { weight: 1, arbitrary: latin1(uint8Array({ minLength: length, maxLength: length })) },
  );
}

const typeFlag = oneof(
  { weight: 40, arbitrary: constantFrom('0', '5', '2', '1') },
  { weight: 12, arbitrary: constantFrom('\u0000', '3', '4', '6', '7') },
  { weight: 1, arbitrary: constantFrom('S', 'V', 'M', 'D', 'N', 'X', 'A', '9') },
);

const header = record({
  name,
  mode: numeric(integer({ min: 0, max: 0o7777 }), 8),
  uid: numeric(integer({ min: 0, max: 70_000 }), 8),
  gid: numeric(integer({ min: 0, max: 70_000 }), 8),
  mtime: numeric(integer({ min: 0, max: 2_000_000_000 }), 12),
  typeFlag,
  linkName: oneof({ weight: 1, arbitrary: constant('') }, { weight: 12, arbitrary: name }),
  magic: constantFrom(MAGIC.ustar, MAGIC.ustar, MAGIC.gnu, MAGIC.v7),
  userName: constantFrom('', 'root', 'web'),
  prefix: oneof({ weight: 4, arbitrary: constant('') }, { weight: 1, arbitrary: name }),
  major: numeric(integer({ min: 0, max: 255 }), 8),
  minor: numeric(integer({ min: 0, max: 255 }), 8),
});

const entry = tuple(
  header,
  uint8Array({ maxLength: 700 }),
  seldom(numeric(integer({ min: 0, max: 3000 }), 12), 15),
).map(([fields, content, otherSize]) => {
  const hasContent = ['0', '\u0000', '7'].includes(fields.typeFlag);
  const bytes = hasContent ? content : new Uint8Array(0);
  return Buffer.concat([rawHeader({ ...fields, size: otherSize ?? octal(bytes.length) }), padded(bytes)]);
});

const paxKey = oneof(
  constantFrom('path', 'linkpath', 'size', 'mtime', 'comment', 'SCHILY.xattr.user.a', 'uname'),
  constantFrom('GNU.sparse.major', 'GNU.sparse.minor', 'GNU.sparse.name', 'GNU.sparse.map', 'GNU.sparse.realsize'),
);
const paxValue = oneof(
  name,
  constantFrom('0', '10', '1,2', '0,0', '1234567890.25', '-5', '', 'a\u0000b'),
  integer().map(String),
);
const pax = tuple(
  array(tuple(paxKey, paxValue, seldom(integer({ min: 0, max: 60 }), 15)), { minLength: 1, maxLength: 3 }),
  constantFrom('x', 'x', 'x', 'g'),
).map(([records, flag]) =>
  rawPax(
    records.map(([key, value, length]) => paxRecord(key, Buffer.from(value, 'latin1'), length)),
    flag,
  ),
);

const long = tuple(name, constantFrom('L', 'K')).map(([text, flag]) => rawLong(Buffer.from(text, 'latin1'), flag));

/** Archives of a few entries, of which most have something that programs read in different ways. */
export const fuzzedTar: Arbitrary<Buffer> = tuple(
  array(
    oneof(
      { weight: 12, arbitrary: entry },
      { weight: 3, arbitrary: pax },
      { weight: 2, arbitrary: long },
      { weight: 1, arbitrary: constantFrom(Buffer.alloc(512), Buffer.alloc(512, 'x')) },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  oneof(
    { weight: 6, arbitrary: constant(END) },
    { weight: 1, arbitrary: constantFrom(Buffer.alloc(0), Buffer.alloc(512), Buffer.alloc(100)) },
  ),
).map(([parts, end]) => Buffer.concat([...parts, end]));
