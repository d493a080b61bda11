import { TarProblem } from './tar-problem.ts';

/** One record; the value is a view, and may hold anything. */
export type PaxRecord = { readonly key: string; readonly value: Uint8Array };

/** What one header may hold: 10,000 records are far beyond any program, and keep the work small (T08). */
const MAX_RECORDS = 10_000;
const MAX_LENGTH_DIGITS = 7;
const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/**
 * The records of a PAX header: `<length> <key>=<value>\n`, where the length counts all of it. In linear time; nothing
 * is mended. Spec: POSIX.1-2001 pax, "pax Extended Header"; SECURITY-CASES T08.
 * @throws {TarProblem} `bad-tar`
 */
export function readPaxRecords(body: Uint8Array): readonly PaxRecord[] {
  const records: PaxRecord[] = [];
  let start = 0;
  while (start < body.length) {
    if (records.length === MAX_RECORDS) throw new TarProblem('bad-tar', `more than ${MAX_RECORDS} PAX records`);
    const { end, keyAt } = recordLength(body, start);
    const equals = body.indexOf(EQUALS, keyAt);
    if (equals === -1 || equals >= end - 1 || equals === keyAt) {
      throw new TarProblem('bad-tar', 'a PAX record without key or equals sign');
    }
    if (body[end - 1] !== NEWLINE) throw new TarProblem('bad-tar', 'a PAX record that does not end with a newline');
    records.push({ key: latin1(body.subarray(keyAt, equals)), value: body.subarray(equals + 1, end - 1) });
    start = end;
  }
  return records;
}

function recordLength(body: Uint8Array, start: number): { readonly end: number; readonly keyAt: number } {
  let length = 0;
  let at = start;
  for (; at < start + MAX_LENGTH_DIGITS; at += 1) {
    const digit = (body[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
  }
  if (at === start) throw new TarProblem('bad-tar', 'a PAX record without length');
  if (body[at] !== SPACE) throw new TarProblem('bad-tar', 'a PAX record without a blank after its length');
  const end = start + length;
  if (end <= at + 1 || end > body.length) throw new TarProblem('bad-tar', 'a PAX record with a wrong length');
  return { end, keyAt: at + 1 };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
