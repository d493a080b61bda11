import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseManifest } from '#shared/oci/manifest.ts';
import { manifestExistence } from '../registry/existence.ts';
import { isRegistryError } from '../registry/transport/registry-error.ts';
import { readNode } from './content/manifest-node.ts';
import type { ContentDestination, ManifestBytes } from './ends.ts';
import { describeEnd, readTags, type RegistryEndOptions, retriesTo, TRANSFER } from './registry-end.ts';

/** Registries that do not answer a HEAD of a blob leave open whether it is there: then it is sent. */
const NO_ANSWER = ['forbidden', 'registry', 'unsupported'] as const;

/** A repository of a registry to copy to. @throws {RegistryError} {NotFoundError} as its client's pool */
export async function openRegistryDestination(options: RegistryEndOptions): Promise<ContentDestination> {
  const { repository, client } = options;
  const read = async (reference: string, signal: AbortSignal): Promise<Digest | undefined> => {
    try {
      return (await (await client()).getManifest({ repository, reference, signal, ...TRANSFER })).digest;
    } catch (error) {
      if (isRegistryError(error, 'not-found', 'forbidden')) return undefined;
      throw error;
    }
  };
  return {
    ...(await describeEnd(options)),
    headManifest: async (reference, { signal }) => {
      const existence = await manifestExistence(await client(), { repository, reference, signal, ...TRANSFER });
      // 403 is Artifactory's word for what is missing; who may not write is told so by the write.
      if (existence.state !== 'present') return undefined;
      return existence.head.digest ?? (await read(reference, signal));
    },
    confirmManifest: (reference, { signal }) => read(reference, signal),
    tags: ({ signal }) => readTags(options, signal),
    hasBlob: async ({ digest }, { signal }) => {
      try {
        return (
          (await (await client()).headBlob({ repository, digest, forPush: true, signal, ...TRANSFER })) !== undefined
        );
      } catch (error) {
        if (isRegistryError(error, ...NO_ANSWER)) return false;
        throw error;
      }
    },
    putBlob: async (call) => (await client()).pushBlob({ ...call, ...retriesTo(call), repository, ...TRANSFER }),
    putManifest: async ({ reference, manifest, onNote, signal }) => {
      const { bytes, mediaType } = manifest;
      const call = { repository, signal, ...retriesTo({ onNote }), ...TRANSFER };
      const pushed = await (await client()).pushManifest({ ...call, reference, bytes, mediaType });
      const subject = pushed.subjectAccepted ? undefined : readNode(manifest).subject;
      if (subject === undefined) return;
      try {
        await (await client()).addReferrer({ ...call, subject, referrer: describeReferrer(manifest) });
      } catch (error) {
        if (!isRegistryError(error, 'unsupported')) throw error;
        // GitLab takes the tag of the list for the image itself: it is there, and only not listed.
        onNote?.(`${manifest.digest} is there, but cannot be listed as a referrer of ${subject}`);
      }
    },
    dropSession: async (session, { signal }) => {
      await (await client()).cancelUpload({ repository, session, signal, ...TRANSFER });
    },
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** As it stands in a list of referrers. Spec: OCI Distribution 1.1, "Referrers Tag Schema". */
function describeReferrer({ bytes, digest, mediaType }: ManifestBytes): Descriptor {
  const { artifactType, annotations } = parseManifest(bytes, mediaType);
  return {
    mediaType,
    digest,
    sizeBytes: bytes.length,
    annotations,
    urls: [],
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}
