import type { Descriptor, Pairs } from '#shared/oci/descriptor.ts';
import { type BuiltLayer } from '#main/core/local-registry/image-builder/layer.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { type Engine, startEngine } from './engine.ts';
import { type FakeRegistry, type RecordedRequest, type Reply, startFakeRegistry } from './fake-registry.ts';
import { digestOf } from './oci-builder.ts';

export type BlobRegistry = {
  readonly registry: FakeRegistry;
  readonly client: RegistryClient;
  readonly repository: string;
  /** Requests for blobs: `whole`, or the range that was asked for. */
  readonly blobRequests: string[];
  /** Takes bytes and gives the descriptor that names them. */
  add(bytes: Uint8Array, annotations?: Pairs): Descriptor;
  /** Answers requests for blobs in place of the bytes; undefined goes back to them. */
  answerWith(reply: ((request: RecordedRequest, bytes: Buffer) => Reply) | undefined): void;
  [Symbol.asyncDispose](): Promise<void>;
};

const REPOSITORY = 'acme/layers';

/** A registry of blobs that answers ranges, and a client of it. */
export async function startBlobRegistry(): Promise<BlobRegistry> {
  const blobs = new Map<string, Buffer>();
  const blobRequests: string[] = [];
  let override: ((request: RecordedRequest, bytes: Buffer) => Reply) | undefined;
  const registry = await startFakeRegistry((request): Reply | undefined => {
    if (request.path === '/v2/') return { body: '{}' };
    const bytes = blobs.get(/\/blobs\/(sha256:[0-9a-f]{64})$/.exec(request.path)?.[1] ?? '');
    if (bytes === undefined) return undefined;
    blobRequests.push(request.headers['range'] ?? 'whole');
    return override?.(request, bytes) ?? blobReply(request, bytes);
  });
  const engine: Engine = startEngine(registry.host);
  return {
    registry,
    client: engine.client,
    repository: REPOSITORY,
    blobRequests,
    add: (bytes, annotations = []) => {
      const digest = digestOf(bytes);
      blobs.set(digest, Buffer.from(bytes));
      const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
      const pairs = annotations.map(([name, value]): [string, string] => [name, value]);
      return { mediaType, digest, sizeBytes: bytes.length, annotations: pairs, urls: [] };
    },
    answerWith: (reply) => {
      override = reply;
    },
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

/** The bytes, or the range of them that was asked for. */
export function blobReply({ headers }: RecordedRequest, bytes: Buffer): Reply {
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers['range'] ?? '');
  if (range === null) return { body: bytes };
  const start = Number(range[1]);
  const end = range[2] === '' ? bytes.length : Math.min(bytes.length, Number(range[2]) + 1);
  return {
    status: 206,
    headers: { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` },
    body: bytes.subarray(start, end),
  };
}

/** A layer's blob under its descriptor. */
export function addLayer(registry: BlobRegistry, layer: BuiltLayer): Descriptor {
  return registry.add(layer.blob.bytes);
}
