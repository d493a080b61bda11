import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { apiUrl } from '../transport/route.ts';
import { LIMITS } from '../transport/limits.ts';
import { toRegistryError } from '../transport/node-failure.ts';
import { redactUrl } from '../transport/redact.ts';
import { isRegistryError, RegistryError, type RequestTrace } from '../transport/registry-error.ts';
import { checkedRepository, type RemoteContext } from './context.ts';
import { ResumedBlob } from './resumed-blob.ts';

type Call = { readonly repository: string; readonly descriptor: Descriptor; readonly signal?: AbortSignal };

type GetBlobCall = Call & { readonly limitBytes?: number; readonly onProgress?: (readBytes: number) => void };

/**
 * A whole small blob, verified by digest and size. A descriptor beyond the limit is refused before any request; bytes
 * that are others than they should be are read once more, as a whole (SECURITY-CASES B06, FI05).
 * Spec: OCI Distribution 1.1, "Pulling blobs".
 * @throws {RegistryError} `too-large`, `digest-mismatch`, `protocol{bad-size}`, `network{truncated}`, `not-found{blob}`
 */
export async function getBlob(context: RemoteContext, call: GetBlobCall): Promise<Uint8Array> {
  const limitBytes = call.limitBytes ?? LIMITS.configBytes;
  if (call.descriptor.sizeBytes > limitBytes) {
    throw new RegistryError({ kind: 'too-large', limitBytes, what: 'blob' });
  }
  try {
    return await readWhole(context, call);
  } catch (error) {
    if (!isRegistryError(error, 'digest-mismatch')) throw error;
    return await readWhole(context, call);
  }
}

async function readWhole(context: RemoteContext, call: GetBlobCall): Promise<Uint8Array> {
  const stream = await openBlob(context, call);
  const chunks: Buffer[] = [];
  let readBytes = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    readBytes += chunk.length;
    call.onProgress?.(readBytes);
  }
  return Buffer.concat(chunks);
}

/**
 * A blob as a stream, gone on with by Range when it breaks off. It fails at the first byte too many, and at its end on
 * missing bytes or a wrong digest: the bytes before that are not yet trusted. Destroying it frees the connection.
 * Descriptor `urls` are never followed (SECURITY-CASES V1, M15). Spec: OCI Distribution 1.1, "Pulling blobs"; B01–B06.
 */
export async function openBlob(context: RemoteContext, call: Call): Promise<Readable> {
  const { descriptor, signal } = call;
  const { endpoint } = context;
  const url = apiUrl(endpoint, `/v2/${checkedRepository(call.repository)}/blobs/${descriptor.digest}`);
  const trace: RequestTrace = { method: 'GET', url: redactUrl(url), status: 200, hop: 'registry' };
  const registryHost = endpoint.url.host;
  const mapError = (error: Error) => toRegistryError(error, { url, registryHost, trace, signal });
  return await ResumedBlob.open({ context, ...call, origin: { trace, host: url.host, mapError } });
}
