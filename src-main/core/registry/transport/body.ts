import type { Readable } from 'node:stream';
import { contentLength, headerLines, type Headers, singleHeader } from './headers.ts';
import { RegistryError, type RequestTrace } from './registry-error.ts';

/** Those that are named in an error; any other word is the server's own and may be anything. */
const KNOWN_ENCODINGS: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'several encodings']);

/**
 * Refuses a compressed answer: we ask for `identity` and hash the bytes of the wire, so an encoding is either a
 * mistake that would break the digest or a bomb (SECURITY-CASES B07).
 * @throws {RegistryError} `protocol{encoding}`
 */
export function checkEncoding(headers: Headers, trace: RequestTrace): void {
  if (headers['content-encoding'] === undefined) return;
  const encoding = singleHeader(headers, 'content-encoding')?.trim().toLowerCase() ?? 'several encodings';
  if (encoding === '' || encoding === 'identity') return;
  const named = KNOWN_ENCODINGS.has(encoding) ? encoding : 'of another kind';
  const detail = `answered with Content-Encoding ${named}, which was not asked for`;
  throw new RegistryError({ kind: 'protocol', reason: 'encoding', detail }, trace);
}

/**
 * Refuses two lengths: proxies and we might disagree on where the body ends. Spec: RFC 9112, 6.3; SECURITY-CASES L05.
 * @throws {RegistryError} `protocol{bad-size}`
 */
export function checkSingleLength(headers: Headers, trace: RequestTrace): void {
  if (headerLines(headers, 'content-length').length < 2) return;
  const detail = 'answered with more than one Content-Length';
  throw new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, trace);
}

/**
 * Reads a body of at most `limitBytes`, counting bytes as they arrive; the claimed length can only make it fail
 * sooner (SECURITY-CASES M06, V11).
 * @throws {RegistryError} `too-large`; what the stream throws passes through
 */
export async function readBounded(
  body: Readable,
  options: {
    readonly headers: Headers;
    readonly limitBytes: number;
    readonly what: string;
    readonly trace: RequestTrace;
  },
): Promise<Buffer> {
  const { limitBytes, what, trace } = options;
  const tooLarge = () => new RegistryError({ kind: 'too-large', limitBytes, what }, trace);
  if ((contentLength(options.headers) ?? 0) > limitBytes) {
    discard(body);
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** At most the first `limitBytes` of a body, then drops the rest: for error answers, which may be endless. Never throws. */
export async function readStart(body: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limitBytes) break;
    }
  } catch {
    // The status says enough; a broken error body must not hide it.
  }
  return Buffer.concat(chunks, length).subarray(0, limitBytes);
}

/** Drops a body and its connection. An error that follows from dropping is nobody's business. */
export function discard(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}
