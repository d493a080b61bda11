import { z } from 'zod';
import { digestSchema, isDigest } from '#shared/oci/digest.ts';
import type { FetchedManifest, ManifestHead, RegistryClient } from '../../registry/registry-client.ts';
import { forgetGone } from './forget-gone.ts';
import type { KeptContent } from './kept-content.ts';
import { keptJson } from './kept-json.ts';
import type { Patience } from './patience.ts';
import type { Kept, Shelf } from './shelf.ts';

const headSchema = z.object({
  digest: digestSchema.exactOptional(),
  mediaType: z.string().exactOptional(),
  sizeBytes: z.number().exactOptional(),
});

type Call = Parameters<RegistryClient['getManifest']>[0];

type Parts = {
  readonly client: RegistryClient;
  readonly shelf: Shelf;
  readonly content: KeptContent;
  readonly patience: Patience;
  readonly countsPulls: boolean;
};

const tagKey = ({ repository, reference }: Call): string => `${repository}:${reference}`;

/** What was seen of tags, and the content that was seen under them. */
function seenTags({ shelf, content }: Pick<Parts, 'shelf' | 'content'>) {
  const tags = keptJson<ManifestHead>(shelf, 'tag', headSchema);

  /** What was last seen under a tag, when it is here whole. */
  const seen = (call: Call): Kept<FetchedManifest> | undefined => {
    const tag = tags.read(tagKey(call));
    const digest = tag?.value.digest;
    const manifest = digest === undefined ? undefined : content.manifest(call.repository, digest);
    return tag === undefined || manifest === undefined ? undefined : { value: plain(manifest), seenAt: tag.seenAt };
  };

  const keep = (call: Call, fetched: FetchedManifest): FetchedManifest => {
    const { bytes, digest, mediaType } = fetched;
    content.keepManifest(call.repository, fetched);
    if (!isDigest(call.reference)) tags.write(tagKey(call), { digest, mediaType, sizeBytes: bytes.length });
    return fetched;
  };

  return { tags, seen, keep };
}

/**
 * Manifests with a memory. By digest: from the shelf, else asked for. By tag: when it was seen before, one HEAD says
 * whether what was seen is still it; a tag that moved is fetched. Where pulls are counted every tag is asked for by HEAD
 * first, which costs none: what another tag led to may be it already, and rows that ask at once for one digest are
 * answered by one GET.
 */
export function keptManifests(parts: Parts): Pick<RegistryClient, 'getManifest' | 'headManifest'> {
  const { client, shelf, content, patience, countsPulls } = parts;
  const { tags, seen, keep } = seenTags(parts);

  const revalidate = async (call: Call): Promise<FetchedManifest | undefined> => {
    if (!countsPulls && seen(call) === undefined) return undefined;
    const head = await client.headManifest(call);
    if (head.digest === undefined) return undefined;
    const manifest = content.manifest(call.repository, head.digest);
    if (manifest !== undefined) {
      tags.write(tagKey(call), { ...head, mediaType: manifest.mediaType, sizeBytes: manifest.bytes.length });
      return plain(manifest);
    }
    return countsPulls ? keep(call, await client.getManifest({ ...call, reference: head.digest })) : undefined;
  };

  const byTag = async (call: Call): Promise<FetchedManifest> => {
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

  const forgetting = <T>(call: Call, asked: Promise<T>): Promise<T> =>
    forgetGone(asked, { shelf, repository: call.repository, forget: () => tags.drop(tagKey(call)) });

  return {
    getManifest: async (call) => {
      if (!isDigest(call.reference)) return forgetting(call, byTag(call));
      const known = content.manifest(call.repository, call.reference);
      return known === undefined ? keep(call, await forgetting(call, client.getManifest(call))) : plain(known);
    },
    headManifest: async (call) => {
      if (isDigest(call.reference)) return forgetting(call, client.headManifest(call));
      const asked = patience.ask({
        live: async (signal) => {
          const head = await client.headManifest({ ...call, signal });
          tags.write(tagKey(call), head);
          return head;
        },
        kept: () => tags.read(tagKey(call)),
        signal: call.signal,
      });
      const { value, offline } = await forgetting(call, asked);
      return offline === undefined ? value : { ...value, offline };
    },
  };
}

function plain({ bytes, digest, mediaType, warnings }: FetchedManifest): FetchedManifest {
  return { bytes, digest, mediaType, warnings };
}
