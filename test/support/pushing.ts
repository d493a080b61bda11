import type { PushBlobCall } from '#main/core/registry/registry-client.ts';
import type { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { type BlobSource, blobSource, patternBytes } from './blob-source.ts';
import { type Engine, type EngineOptions, startEngine, TEST_NETWORK } from './engine.ts';
import {
  type Interference,
  startUploadRegistry,
  type UploadRegistry,
  type UploadRegistryOptions,
} from './upload-registry.ts';

export const repository = 'acme/web';

/** An engine on the test network. */
export const engineAt = (host: string, options: EngineOptions = {}): Engine =>
  startEngine(host, { ...options, transport: { ...TEST_NETWORK, ...options.transport } });

export const push = (engine: Engine, call: Omit<PushBlobCall, 'repository'>) =>
  engine.client.pushBlob({ repository, priority: 'transfer', ...call });

export type Pushed = {
  readonly source: BlobSource;
  readonly registry: UploadRegistry;
  /** How it ended. */
  readonly outcome: unknown;
  /** What the registry has under the digest. */
  readonly stored: Buffer | undefined;
};

/** Pushes a blob of so many bytes to a registry that misbehaves. */
export async function pushing(
  sizeBytes: number,
  interfere: Interference,
  more: {
    readonly registry?: UploadRegistryOptions;
    readonly engine?: EngineOptions;
    readonly call?: Partial<PushBlobCall>;
  } = {},
): Promise<Pushed> {
  const source = blobSource(patternBytes(sizeBytes));
  await using registry = await startUploadRegistry({ ...more.registry, interfere });
  await using engine = engineAt(registry.host, more.engine);
  const outcome = await push(engine, { ...source, ...more.call }).catch((error: unknown) => error as RegistryError);
  return { source, registry, outcome, stored: registry.blobs.get(source.descriptor.digest) };
}
