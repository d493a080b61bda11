import { z } from 'zod';
import { digestSchema, isDigest } from '#shared/oci/digest.ts';
import type { FetchedManifest, ManifestHead, RegistryClient } from '../../registry/registry-client.ts';
import type { KeptContent } from './kept-content.ts';
import { keptJson } from './kept-json.ts';
import type { Patience } from './patience.ts';
import type { Kept, Shelf } from './shelf.ts';
import { isGone } from './unreachable.ts';

const headSchema = z.object({
  digest: digestSchema.exactOptional(),
  mediaType: z.string().exactOptional(),
  sizeBytes: z.number().exactOptional(),
});

type Parts = {
  readonly client: RegistryClient;
  readonly shelf: Shelf;
  readonly content: KeptContent;
  readonly patience: Patience;
};

/**
 * Manifests with a memory. By digest: from the shelf, else asked for. By tag: when it was seen before, one HEAD says
 * whether what was seen is still it, which costs no pull where pulls are counted; a tag that moved is fetched.
 */
export function keptManifests(parts: Parts): Pick<RegistryClient, 'getManifest' | 'headManifest'> {
  const { client, content, patience } = parts;
  const tags = keptJson<ManifestHead>(parts.shelf, 'tag', headSchema);
  const tagKey = (call: { readonly repository: string; readonly reference: string }) =>
    `${call.repository}:${call.reference}`;

  /** What was last seen under a tag, when it is here whole. */
  const seen = (call: Parameters<RegistryClient['getManifest']>[0]): Kept<FetchedManifest> | undefined => {
    const tag = tags.read(tagKey(call));
    const digest = tag?.value.digest;
    const manifest = digest === undefined ? undefined : content.manifest(call.repository, digest);
    return tag === undefined || manifest === undefined ? undefined : { value: plain(manifest), seenAt: tag.seenAt };
  };

  const keep = (call: Parameters<RegistryClient['getManifest']>[0], fetched: FetchedManifest): FetchedManifest => {
    const { bytes, digest, mediaType } = fetched;
    content.keepManifest(call.repository, fetched);
    if (!isDigest(call.reference)) tags.write(tagKey(call), { digest, mediaType, sizeBytes: bytes.length });
    return fetched;
  };

  const revalidate = async (
    call: Parameters<RegistryClient['getManifest']>[0],
  ): Promise<FetchedManifest | undefined> => {
    if (seen(call) === undefined) return undefined;
    const head = await client.headManifest(call);
    const manifest = head.digest === undefined ? undefined : content.manifest(call.repository, head.digest);
    if (manifest === undefined) return undefined;
    tags.write(tagKey(call), { ...head, mediaType: manifest.mediaType, sizeBytes: manifest.bytes.length });
    return plain(manifest);
  };

  const byTag = async (call: Parameters<RegistryClient['getManifest']>[0]): Promise<FetchedManifest> => {
    const { value, offline } = await patience.ask({
      live: async (signal) => {
        const asked = { ...call, signal };
        return (await revalidate(asked)) ?? keep(call, await client.getManifest(asked));
      },
      kept: () => seen(call),
      signal: call.signal,
    });
    return offline === undefined ? value : { ...value, offline };
  };

  return {
    getManifest: async (call) => {
      if (!isDigest(call.reference)) return forgetting(byTag(call), () => tags.drop(tagKey(call)));
      const known = content.manifest(call.repository, call.reference);
      return known === undefined ? keep(call, await client.getManifest(call)) : plain(known);
    },
    headManifest: async (call) => {
      if (isDigest(call.reference)) return client.headManifest(call);
      const asked = patience.ask({
        live: async (signal) => {
          const head = await client.headManifest({ ...call, signal });
          tags.write(tagKey(call), head);
          return head;
        },
        kept: () => tags.read(tagKey(call)),
        signal: call.signal,
      });
      const { value, offline } = await forgetting(asked, () => tags.drop(tagKey(call)));
      return offline === undefined ? value : { ...value, offline };
    },
  };
}

function plain({ bytes, digest, mediaType, warnings }: FetchedManifest): FetchedManifest {
  return { bytes, digest, mediaType, warnings };
}

/** What the registry says is gone is not shown from the shelf the next time it is silent. */
async function forgetting<T>(asked: Promise<T>, forget: () => void): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error)) forget();
    throw error;
  }
}
