import { pipeline, type Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { pullScope } from '../auth/scopes.ts';
import { discard } from '../transport/body.ts';
import { VerifyingStream } from '../transport/hash-stream.ts';
import { contentLength } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { askOk, checkedRepository, type RemoteContext } from './context.ts';

type Call = { readonly repository: string; readonly descriptor: Descriptor; readonly signal?: AbortSignal };

/**
 * A whole small blob, verified by digest and size. A descriptor beyond the limit is refused before any request.
 * Spec: OCI Distribution 1.1, "Pulling blobs".
 * @throws {RegistryError} `too-large`, `digest-mismatch`, `protocol{bad-size}`, `network{truncated}`, `not-found{blob}`
 */
export async function getBlob(
  context: RemoteContext,
  call: Call & { readonly limitBytes?: number },
): Promise<Uint8Array> {
  const limitBytes = call.limitBytes ?? LIMITS.configBytes;
  if (call.descriptor.sizeBytes > limitBytes) {
    throw new RegistryError({ kind: 'too-large', limitBytes, what: 'blob' });
  }
  const stream = await openBlob(context, call);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A blob as a stream. It fails at the first byte too many, and at its end on missing bytes or a wrong digest: the
 * bytes before that are not yet trusted. Destroying it frees the connection. Descriptor `urls` are never followed
 * (SECURITY-CASES V1, M15). Spec: OCI Distribution 1.1, "Pulling blobs"; B01–B03.
 */
export async function openBlob(context: RemoteContext, call: Call): Promise<Readable> {
  const repository = checkedRepository(call.repository);
  const { descriptor } = call;
  const response = await askOk(context, {
    method: 'GET',
    path: `/v2/${repository}/blobs/${descriptor.digest}`,
    scopes: [pullScope(repository)],
    accept: '*/*',
    what: 'blob',
    signal: call.signal,
  });
  checkLength(response, descriptor);
  const verifying = new VerifyingStream(descriptor, {
    trace: response.trace,
    host: response.url.host,
    mapError: (error) => response.mapError(error),
  });
  // The stream itself reports every failure; this callback only has to be there.
  pipeline(response.body, verifying, () => undefined);
  return verifying;
}

function checkLength(response: HttpResponse, descriptor: Descriptor): void {
  const length = contentLength(response.headers);
  if (length === undefined || length === descriptor.sizeBytes) return;
  discard(response.body);
  const detail = `answered with ${length} bytes where the descriptor promises ${descriptor.sizeBytes}`;
  throw new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, response.trace);
}
