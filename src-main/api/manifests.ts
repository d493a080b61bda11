import type { RawDocument } from '#shared/api/manifests.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { decodeUtf8 } from '#shared/oci/utf8.ts';
import type { FetchedManifest, Offline, RegistryWarning } from '../core/registry/registry-client.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';

/** `manifests.*` */
export function manifestsHandlers(os: Implementer, { clients }: Services) {
  return {
    raw: os.manifests.raw.handler(async ({ input: { registryId, repository, reference }, signal }) => {
      const client = await clients.get(registryId, signal);
      const manifest = await client.getManifest({ repository, reference, ...signalOf(signal) });
      return rawDocument({ ...manifest, warnings: [...manifest.warnings, ...refusalOf(manifest)] });
    }),

    rawBlob: os.manifests.rawBlob.handler(async ({ input: { registryId, repository, descriptor }, signal }) => {
      const client = await clients.get(registryId, signal);
      const bytes = await client.getBlob({ repository, descriptor, ...signalOf(signal) });
      return rawDocument({ bytes, digest: descriptor.digest, mediaType: descriptor.mediaType, warnings: [] });
    }),
  };
}

/** Why the same bytes are not shown as an image: they are broken, or can be read in two ways (M04, M05). */
function refusalOf({ bytes, mediaType }: FetchedManifest): readonly RegistryWarning[] {
  try {
    parseManifest(bytes, mediaType);
    return [];
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    return [{ source: 'gantry', text: `Not shown as an image: ${error.message}.` }];
  }
}

function rawDocument(document: {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly warnings: readonly RegistryWarning[];
  readonly offline?: Offline;
}): RawDocument {
  const { bytes, digest, mediaType, warnings, offline } = document;
  return {
    digest,
    mediaType,
    sizeBytes: bytes.length,
    content: contentOf(bytes),
    warnings: [...warnings],
    ...(offline === undefined ? {} : { offline }),
  };
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
