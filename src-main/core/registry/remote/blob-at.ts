import { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import { pullScope } from '../auth/scopes.ts';
import type { OpenedBlob } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import { type ByteRange, isPartOfBlob } from '../transport/content-range.ts';
import { contentLength, singleHeader } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { type BodyOrigin, SizedStream } from '../transport/sized-stream.ts';
import { ask, type Ask, askOk, checkedRepository, type RemoteContext, statusError } from './context.ts';

export type BlobAtCall = {
  readonly repository: string;
  readonly descriptor: Pick<Descriptor, 'digest' | 'sizeBytes'>;
  readonly startByte: number;
  /** That byte is not among them; the end of the blob when absent. */
  readonly endByte?: number | undefined;
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** An answer that is a part of a blob; its body has not been touched. */
export type BlobPart = {
  readonly body: Readable;
  readonly startByte: number;
  /** How many bytes have to come. */
  readonly sizeBytes: number;
  readonly etag: string | undefined;
  readonly origin: BodyOrigin;
};

/** Only such an ETag may stand in If-Range. Spec: RFC 9110, 8.8.3 and 13.1.5. */
const STRONG_ETAG = /^"[\x21\x23-\x7e]{0,200}"$/;

/**
 * A part of a blob, by Range; the whole from its first byte when the answer is anything but exactly that part or the
 * rest of the blob, so that parts of two things are never joined. The bytes are counted and not hashed.
 * Spec: OCI Distribution 1.1, "Pulling blobs"; RFC 9110, 14; SECURITY-CASES B05, FI03, FI04.
 * @throws {RegistryError} `not-found{blob}`, `protocol{bad-size}`; the stream `network`, `protocol{bad-size}`
 */
export async function openBlobAt(context: RemoteContext, call: BlobAtCall): Promise<OpenedBlob> {
  const { startByte, endByte } = checkedRange(call);
  if (startByte > 0 && startByte === endByte) return { stream: Readable.from([]), startByte };
  const { body, sizeBytes, origin, etag, ...part } = await requestBlobAt(context, call);
  const stream = new SizedStream(body, sizeBytes, origin);
  return { stream, startByte: part.startByte, ...(etag === undefined ? {} : { etag }) };
}

/** As {@link openBlobAt}, the body as it comes. There has to be a byte to ask for, or the whole is asked for. */
export async function requestBlobAt(context: RemoteContext, call: BlobAtCall): Promise<BlobPart> {
  const { startByte, endByte, sizeBytes } = checkedRange(call);
  const isWhole = startByte === 0 && endByte === sizeBytes;
  return (isWhole ? undefined : await requestPart(context, call)) ?? (await requestWhole(context, call));
}

/** @throws {InvalidInputError} */
function checkedRange({ descriptor: { sizeBytes }, startByte, endByte = sizeBytes }: BlobAtCall): ByteRange {
  const isPlace = (byte: number) => Number.isSafeInteger(byte) && byte >= 0 && byte <= sizeBytes;
  if (!isPlace(startByte)) throw new InvalidInputError('startByte', 'not a place in this blob');
  if (!isPlace(endByte) || endByte < startByte) throw new InvalidInputError('endByte', 'not a place behind the first');
  return { startByte, endByte, sizeBytes };
}

/** Undefined when the registry has no part to give, or gives another than was asked for. */
async function requestPart(context: RemoteContext, call: BlobAtCall): Promise<BlobPart | undefined> {
  const { etag } = call;
  const range = checkedRange(call);
  const { startByte, endByte, sizeBytes } = range;
  const last = endByte === sizeBytes ? '' : String(endByte - 1);
  const isStrong = etag !== undefined && STRONG_ETAG.test(etag);
  const headers = { range: `bytes=${startByte}-${last}`, ...(isStrong ? { 'if-range': etag } : {}) };
  const response = await ask(context, { ...blobAsk(call), headers });
  if (response.status === 200) return partOf(response, 0, sizeBytes);
  if (response.status === 206) {
    // Some give the rest whatever end was asked for.
    const end = [endByte, sizeBytes].find((each) => isPartOfBlob(response.headers, { ...range, endByte: each }));
    if (end !== undefined) return partOf(response, startByte, end);
  }
  if (response.status !== 206 && response.status !== 416) throw await statusError(context, response, 'blob');
  discard(response.body);
  return undefined;
}

async function requestWhole(context: RemoteContext, call: BlobAtCall): Promise<BlobPart> {
  return partOf(await askOk(context, blobAsk(call)), 0, call.descriptor.sizeBytes);
}

function blobAsk({ repository, descriptor, signal }: BlobAtCall): Ask {
  const name = checkedRepository(repository);
  return {
    method: 'GET',
    path: `/v2/${name}/blobs/${descriptor.digest}`,
    scopes: [pullScope(name)],
    accept: '*/*',
    what: 'blob',
    isBulk: true,
    signal,
  };
}

function partOf(response: HttpResponse, startByte: number, endByte: number): BlobPart {
  const { headers, trace, url, body } = response;
  const length = contentLength(headers);
  const expected = endByte - startByte;
  if (length !== undefined && length !== expected) {
    discard(body);
    const detail = `answered with ${length} bytes where ${expected} were to come`;
    throw new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, trace);
  }
  const mapError = (error: Error) => response.mapError(error);
  const etag = singleHeader(headers, 'etag');
  return { body, startByte, sizeBytes: expected, etag, origin: { trace, host: url.host, mapError } };
}
