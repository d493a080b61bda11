import { isUtf8 } from 'node:buffer';

const ESCAPE = 0xdc00;
const FIRST_ESCAPED = 0xdc80;
const LAST_ESCAPED = 0xdcff;
const ESCAPED = /[\udc80-\udcff]/u;
const STRAY = /[\ud800-\udfff]/u;

/**
 * Bytes of a name as text: UTF-8, and each byte that is none as the lone surrogate U+DC00 + byte. One to one, since
 * UTF-8 has no surrogates.
 */
export function textOfName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) ? buffer.toString() : escapedText(buffer);
}

/** True when the text stands for bytes that are no UTF-8. */
export function hasRawBytes(text: string): boolean {
  return ESCAPED.test(text);
}

/** The bytes that {@link textOfName} would give this text for; undefined for text that stands for no bytes. */
export function bytesOfName(text: string): Uint8Array | undefined {
  if (!STRAY.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= FIRST_ESCAPED && code <= LAST_ESCAPED) parts.push(Buffer.of(code - ESCAPE));
    else if (STRAY.test(character)) return undefined;
    else parts.push(Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

function escapedText(buffer: Buffer): string {
  let text = '';
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer[at] ?? 0);
    const sequence = buffer.subarray(at, at + length);
    const isWhole = sequence.length === length && isUtf8(sequence);
    text += isWhole ? sequence.toString() : String.fromCharCode(ESCAPE + (buffer[at] ?? 0));
    at += isWhole ? length : 1;
  }
  return text;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
