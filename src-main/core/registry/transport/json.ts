import { LIMITS } from './limits.ts';
import { type ProtocolReason, RegistryError, type RequestTrace } from './registry-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/**
 * Parses a JSON answer. Depth is scanned before parsing: V8 parses two million levels and then fails to clone them
 * (SECURITY-CASES V15, M07).
 * @throws {RegistryError} `protocol` with `empty`, `html` (a captive portal or login page, M18), `too-deep`, `not-json`
 */
export function parseJson(bytes: Uint8Array, trace: RequestTrace): unknown {
  checkLooksLikeJson(bytes, trace);
  if (jsonDepthExceeds(bytes, LIMITS.jsonDepth)) {
    throw refuse('too-deep', `nested deeper than ${LIMITS.jsonDepth}`, trace);
  }
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return parsed;
  } catch (cause) {
    throw new RegistryError({ kind: 'protocol', reason: 'not-json', detail: 'the answer is not JSON' }, trace, {
      cause,
    });
  }
}

/**
 * Refuses what is plainly no JSON object: nothing, a web page, or text that does not start with `{` and end with `}`.
 * The last catches a body cut short when no length was promised (SECURITY-CASES B03, M18).
 * @throws {RegistryError} `protocol` with `empty`, `html`, `not-json`
 */
export function checkLooksLikeJson(bytes: Uint8Array, trace: RequestTrace): void {
  const first = firstByte(bytes);
  if (first === undefined) throw refuse('empty', 'the answer has no body', trace);
  if (first === 0x3c) throw refuse('html', 'the answer is a web page: a proxy or login page may be in the way', trace);
  const last = bytes.findLast((byte) => !isSpace(byte));
  if (first !== OPEN_BRACE) throw refuse('not-json', 'the answer is not a JSON object', trace);
  if (last !== CLOSE_BRACE) throw refuse('not-json', 'the JSON of the answer is cut short', trace);
}

/** True when arrays and objects nest deeper than `limit`; brackets in strings do not count. Linear, allocates nothing. */
export function jsonDepthExceeds(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return false;
}

/** The first byte that is neither white space nor part of a byte order mark. */
function firstByte(bytes: Uint8Array): number | undefined {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte !== undefined && !isSpace(byte)) return byte;
  }
  return undefined;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function refuse(reason: ProtocolReason, detail: string, trace: RequestTrace): RegistryError {
  return new RegistryError({ kind: 'protocol', reason, detail }, trace);
}
