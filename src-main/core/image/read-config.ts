import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { ImageConfig } from '#shared/oci/image-config.ts';
import { parseImageConfig } from '#shared/oci/parse-image-config.ts';
import type { Priority, RegistryClient } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/transport/registry-error.ts';
import { readInlineData } from './inline-data.ts';

/** Where to read, and the signal that stops it. */
export type ReadContext = {
  readonly client: RegistryClient;
  readonly repository: string;
  readonly signal?: AbortSignal | undefined;
  /** Of every request made for it; `open` when absent. */
  readonly priority?: Priority | undefined;
};

/** `signal` and `priority` for a call, left out when there is none. */
export function signalOf({ signal, priority }: ReadContext): {
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
} {
  return { ...(signal === undefined ? {} : { signal }), ...(priority === undefined ? {} : { priority }) };
}

/**
 * Reads, verifies and parses an image config, at most 4 MiB: from the descriptor's own `data` when there is some, else
 * by one request. Data that is not what the digest names is refused, not passed over (SECURITY-CASES M16).
 * @throws {RegistryError} kind `digest-mismatch` or `protocol{bad-size}` for bad inline data; else as `getBlob`
 * @throws {OciError} when the config is not one
 */
export async function readConfig(context: ReadContext, descriptor: Descriptor): Promise<ImageConfig> {
  const inline = readInlineData(descriptor);
  if (inline.state === 'verified') return parseImageConfig(inline.bytes);
  if (inline.state === 'mismatch') {
    const { digest, sizeBytes } = descriptor;
    const detail = `inline data of ${inline.actualSizeBytes} bytes where the descriptor promises ${sizeBytes}`;
    throw new RegistryError(
      inline.actualDigest === digest
        ? { kind: 'protocol', reason: 'bad-size', detail }
        : { kind: 'digest-mismatch', expected: digest, actual: inline.actualDigest },
    );
  }
  const { client, repository } = context;
  return parseImageConfig(await client.getBlob({ repository, descriptor, ...signalOf(context) }));
}
