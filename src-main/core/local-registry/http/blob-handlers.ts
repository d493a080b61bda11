import { pipeline } from 'node:stream/promises';
import { requireDigest } from './checks.ts';
import { type Exchange, sendEmpty, writeHead } from './exchange.ts';
import { parseRange } from './range.ts';
import type { Route } from './route.ts';
import { blobUnknown, SpecError } from './spec-error.ts';

/** GET and HEAD. Spec: OCI distribution 1.1, "Pulling blobs". */
export async function getBlob(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const { request, response, store } = exchange;
  const digest = requireDigest(argument);
  const found = await store.statBlob(repository, digest);
  if (found === undefined) throw blobUnknown(digest);
  const { sizeBytes } = found;
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
  };
  const isHead = request.method === 'HEAD';
  const range = isHead ? 'whole' : parseRange(request.headers.range, sizeBytes);
  if (range === 'unsatisfiable') {
    throw new SpecError(416, 'SIZE_INVALID', 'no byte of the blob lies in that range', {
      headers: { 'Content-Range': `bytes */${sizeBytes}` },
    });
  }
  if (isHead || sizeBytes === 0) return sendEmpty(exchange, 200, { ...headers, 'Content-Length': sizeBytes });
  const span = range === 'whole' ? { first: 0, last: sizeBytes - 1 } : range;
  const stream = await store.openBlob(repository, digest, span);
  if (stream === undefined) throw blobUnknown(digest);
  writeHead(exchange, range === 'whole' ? 200 : 206, {
    ...headers,
    'Content-Length': span.last - span.first + 1,
    ...(range !== 'whole' && { 'Content-Range': `bytes ${span.first}-${span.last}/${sizeBytes}` }),
  });
  await pipeline(stream, response);
}

/** Spec: OCI distribution 1.1, "Deleting Blobs". */
export async function deleteBlob(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const digest = requireDigest(argument);
  if (!(await exchange.store.deleteBlob(repository, digest))) throw blobUnknown(digest);
  sendEmpty(exchange, 202);
}
