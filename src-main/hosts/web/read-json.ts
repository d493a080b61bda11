import type { IncomingMessage } from 'node:http';
import type { Refusal } from './guard.ts';

/** More than any input of the contract needs. */
const MAX_BODY_BYTES = 1024 * 1024;

/** What was read, or why not. */
export type JsonBody = { readonly json: unknown } | { readonly refusal: Refusal };

const tooLarge: JsonBody = { refusal: { status: 413, reason: 'The request is larger than 1 MiB.' } };
const notJson: JsonBody = { refusal: { status: 400, reason: 'The request is not JSON.' } };

/** Reads a body of at most 1 MiB, counted as it comes. Stops reading at the first byte too many. */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  // Not for await: leaving that loop early destroys the request, and with it the way to say 413.
  const outcome = await new Promise<'end' | 'too-large' | 'broken'>((resolve) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve('too-large');
    });
    request.on('end', () => resolve('end'));
    request.on('close', () => resolve('broken'));
    request.on('error', () => resolve('broken'));
  });
  if (outcome === 'too-large') return tooLarge;
  return outcome === 'end' ? parse(Buffer.concat(chunks)) : notJson;
}

function parse(body: Buffer): JsonBody {
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    return notJson;
  }
}
