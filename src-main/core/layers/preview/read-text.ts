import { isUtf8 } from 'node:buffer';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';
export type DecodedText = { readonly encoding: TextEncoding; readonly text: string };

/** Control characters that text does not have; tab, line feed, form feed, carriage return and escape it may. */
const MAX_CONTROL_PART = 0.01;
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

/**
 * The text that bytes are, or undefined when they look like none: UTF-16 by its mark, UTF-8 when it is that throughout
 * (the last character may be cut off), Latin-1 when there is hardly a control character in it.
 */
export function readText(bytes: Buffer): DecodedText | undefined {
  const marked = readMarked(bytes);
  if (marked !== undefined) return marked;
  if (bytes.includes(0)) return undefined;
  const whole = withoutCutCharacter(bytes);
  if (controlPart(bytes) > MAX_CONTROL_PART) return undefined;
  if (isUtf8(whole)) return { encoding: 'utf-8', text: whole.toString('utf8') };
  return highPart(bytes) > 0.3 ? undefined : { encoding: 'latin1', text: bytes.toString('latin1') };
}

function readMarked(bytes: Buffer): DecodedText | undefined {
  const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', text: even.toString('utf16le') };
  if (bytes[0] !== 0xfe || bytes[1] !== 0xff) return undefined;
  return { encoding: 'utf-16be', text: Buffer.from(even).swap16().toString('utf16le') };
}

/** A preview may end in the middle of a character, which has at most four bytes. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

function controlPart(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if ((byte < 0x20 && !TEXT_CONTROLS.has(byte)) || byte === 0x7f) count += 1;
  return bytes.length === 0 ? 0 : count / bytes.length;
}

function highPart(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte >= 0x80) count += 1;
  return bytes.length === 0 ? 0 : count / bytes.length;
}
