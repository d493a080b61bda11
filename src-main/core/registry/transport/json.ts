import { parseJson as parseDocument } from '#shared/oci/json.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { type ProtocolReason, RegistryError, type RequestTrace } from './registry-error.ts';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LESS_THAN = 0x3c;
const BOM_BYTES = 3;

/**
 * Parses a JSON answer, at most 64 levels deep (SECURITY-CASES V15, M07). A byte order mark is passed over, since no
 * digest is taken of what is read here.
 * @throws {RegistryError} `protocol` with `empty`, `html` (a captive portal or login page, M18), `too-deep`, `not-json`
 */
export function parseJson(bytes: Uint8Array, trace: RequestTrace): unknown {
  checkLooksLikeJson(bytes, trace);
  try {
    return parseDocument(startsWithBom(bytes) ? bytes.subarray(BOM_BYTES) : bytes);
  } catch (cause) {
    if (!(cause instanceof OciError)) throw cause;
    const [reason, detail] =
      cause.kind === 'too-deep'
        ? (['too-deep', cause.message] as const)
        : (['not-json', 'the answer is not JSON'] as const);
    throw new RegistryError({ kind: 'protocol', reason, detail }, trace, { cause });
  }
}

/**
 * Refuses what is plainly no JSON object: nothing, a web page, or text that does not start with `{` and end with `}`.
 * The last catches a body cut short when no length was promised (SECURITY-CASES B03, M18).
 * @throws {RegistryError} `protocol` with `empty`, `html`, `not-json`
 */
export function checkLooksLikeJson(bytes: Uint8Array, trace: RequestTrace): void {
  const content = startsWithBom(bytes) ? bytes.subarray(BOM_BYTES) : bytes;
  const first = content.find((byte) => !isSpace(byte));
  if (first === undefined) throw refuse('empty', 'the answer has no body', trace);
  if (first === LESS_THAN) {
    throw refuse('html', 'the answer is a web page: a proxy or login page may be in the way', trace);
  }
  if (first !== OPEN_BRACE) throw refuse('not-json', 'the answer is not a JSON object', trace);
  const last = content.findLast((byte) => !isSpace(byte));
  if (last !== CLOSE_BRACE) throw refuse('not-json', 'the JSON of the answer is cut short', trace);
}

function startsWithBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function refuse(reason: ProtocolReason, detail: string, trace: RequestTrace): RegistryError {
  return new RegistryError({ kind: 'protocol', reason, detail }, trace);
}
