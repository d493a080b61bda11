import type { RawDocument } from '#shared/api/manifests.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { decodeUtf8 } from '#shared/oci/utf8.ts';
import type { RegistryWarning } from '../core/registry/registry-client.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';

/** `manifests.*` */
export function manifestsHandlers(os: Implementer, { clients }: Services) {
  return {
    raw: os.manifests.raw.handler(async ({ input: { registryId, repository, reference }, signal }) => {
      const client = await clients.get(registryId);
      const manifest = await client.getManifest({ repository, reference, ...signalOf(signal) });
      return rawDocument(manifest);
    }),

    rawBlob: os.manifests.rawBlob.handler(async ({ input: { registryId, repository, descriptor }, signal }) => {
      const client = await clients.get(registryId);
      const bytes = await client.getBlob({ repository, descriptor, ...signalOf(signal) });
      return rawDocument({ bytes, digest: descriptor.digest, mediaType: descriptor.mediaType, warnings: [] });
    }),
  };
}

function rawDocument(document: {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly warnings: readonly RegistryWarning[];
}): RawDocument {
  const { bytes, digest, mediaType, warnings } = document;
  return { digest, mediaType, sizeBytes: bytes.length, content: contentOf(bytes), warnings: [...warnings] };
}

/** Text only when it is text beyond doubt: what is shown must be exactly what was received. */
function contentOf(bytes: Uint8Array): RawDocument['content'] {
  if (!bytes.includes(0)) {
    try {
      return { encoding: 'text', text: decodeUtf8(bytes) };
    } catch (error) {
      if (!(error instanceof OciError)) throw error;
    }
  }
  return { encoding: 'base64', base64: Buffer.from(bytes).toString('base64') };
}
