import { Readable } from 'node:stream';
import type { Digest } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { cosignTagsOf, findCosignTags } from '../image/cosign-tags.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/transport/registry-error.ts';
import type { ContentSource, Referrer } from './ends.ts';
import { describeEnd, readTags, type RegistryEndOptions, retriesTo, TRANSFER } from './registry-end.ts';
import { TransferError } from './transfer-error.ts';

/** Referrers of one manifest; more are refused, not cut: a copy is whole or it is none. */
const MAX_REFERRERS = 2000;
const MAX_PAGES = 50;

/** A repository of a registry to copy from. @throws {RegistryError} {NotFoundError} as its client's pool */
export async function openRegistrySource(options: RegistryEndOptions): Promise<ContentSource> {
  const { repository, client } = options;
  const etags = new Map<Digest, string>();
  const listCosign = createCosignLister(options);
  return {
    ...(await describeEnd(options)),
    getManifest: async (reference, { signal }) => {
      const { bytes, digest, mediaType } = await (
        await client()
      ).getManifest({ repository, reference, signal, ...TRANSFER });
      return { bytes, digest, mediaType };
    },
    headManifest: async (reference, { signal }) =>
      (await (await client()).headManifest({ repository, reference, signal, ...TRANSFER })).digest,
    blobSize: async (digest, { signal }) => {
      const head = await (await client()).headBlob({ repository, digest, signal, ...TRANSFER });
      if (head === undefined) throw new RegistryError({ kind: 'not-found', what: 'blob', codes: [] });
      if (head.sizeBytes === undefined)
        throw new OciError('bad-size', 'the registry does not say how large it is', digest);
      return head.sizeBytes;
    },
    openBlob: async (descriptor, { startByte, onNote, signal }) => {
      const etag = etags.get(descriptor.digest);
      const call = { repository, descriptor, startByte, signal, ...retriesTo({ onNote }), ...TRANSFER };
      const opened = await (await client()).openBlobAt({ ...call, ...(etag === undefined ? {} : { etag }) });
      if (opened.etag !== undefined) etags.set(descriptor.digest, opened.etag);
      return from(opened.stream, startByte - opened.startByte);
    },
    listReferrers: async (digest, { signal }) => {
      const [listed, cosign] = await Promise.all([
        listAll(await client(), { repository, digest, signal }),
        listCosign(digest, signal),
      ]);
      const known = new Set(listed.map(({ descriptor }) => descriptor.digest));
      return [...listed, ...cosign.filter(({ descriptor }) => !known.has(descriptor.digest))];
    },
    close: () => Promise.resolve(),
  };
}

/** A registry that knows no Range begins at the first byte: what was had before is read past. */
function from(stream: Readable, skipBytes: number): Readable {
  if (skipBytes <= 0) return stream;
  return Readable.from(after(stream, skipBytes), { objectMode: false });
}

async function* after(stream: Readable, skipBytes: number): AsyncGenerator<Buffer, void, void> {
  let skip = skipBytes;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    if (chunk.length > skip) yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

type ListCall = { readonly repository: string; readonly digest: Digest; readonly signal: AbortSignal };

async function listAll(client: RegistryClient, call: ListCall): Promise<readonly Referrer[]> {
  const found: Referrer[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await client.listReferrers({ ...call, ...TRANSFER, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.referrers.map((descriptor) => ({ descriptor })));
    if (found.length > MAX_REFERRERS) break;
    cursor = page.nextCursor;
    if (cursor === undefined) return found;
  }
  throw new TransferError('too-many', `more than ${MAX_REFERRERS} referrers of ${call.digest}`);
}

/**
 * What cosign keeps under tags made from a digest. Three HEADs a manifest are many for an index; where one page holds all
 * tags of the repository, that page says what is not there.
 */
function createCosignLister({ repository, client }: RegistryEndOptions) {
  let tags: Promise<ReadonlySet<string> | undefined> | undefined;
  return async (digest: Digest, signal: AbortSignal): Promise<readonly Referrer[]> => {
    tags ??= readTags({ repository, client }, signal);
    tags.catch(() => (tags = undefined));
    const known = await tags;
    if (known !== undefined && !cosignTagsOf(digest).some((tag) => known.has(tag))) return [];
    const found = await findCosignTags({ client: await client(), repository, signal, ...TRANSFER }, digest);
    return found.flatMap((descriptor) => {
      const tag = descriptor.annotations[0]?.[1];
      return tag === undefined ? [] : [{ descriptor, tag }];
    });
  };
}
