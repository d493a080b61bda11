import { z } from 'zod';
import { type Digest, digestSchema } from '#shared/oci/digest.ts';
import type { BlobContent } from './blobs.ts';
import { listFolder, readJson, removeFile } from './files.ts';
import { fromFlatDigest, tagOfFileName } from './layout.ts';
import { isTag } from '#shared/oci/reference.ts';
import type { StoreContext } from './store-context.ts';

/** Manifests and configs above this are refused, stored or read. */
export const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;

/** A descriptor as JSON on the wire has it. Unknown members are kept out. */
export type ReferrerDescriptor = {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
};

/** A manifest to store. `digest` must be computed from `bytes`. */
export type NewManifest = {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Present for a referrer: what it refers to, and how it is listed there. */
  readonly refersTo?: { readonly subject: Digest; readonly descriptor: ReferrerDescriptor };
};

export type StoredManifest = { readonly bytes: Buffer; readonly digest: Digest; readonly mediaType: string };

/** Manifests, tags and referrers. `undefined` and `false` mean "not there". */
export type ManifestStore = {
  getManifest(repository: string, digest: Digest): Promise<StoredManifest | undefined>;
  hasManifest(repository: string, digest: Digest): Promise<boolean>;
  /** Bytes, then record, then referrer, then tags: whoever looks in between sees the old state or the new one. */
  putManifest(repository: string, manifest: NewManifest, tags?: readonly string[]): Promise<void>;
  /** Removes the manifest and every tag that points to it. Children of an index stay. */
  deleteManifest(repository: string, digest: Digest): Promise<boolean>;
  resolveTag(repository: string, tag: string): Promise<Digest | undefined>;
  deleteTag(repository: string, tag: string): Promise<boolean>;
  /** In lexical order. Undefined: no such repository. */
  listTags(repository: string): Promise<readonly string[] | undefined>;
  /** In order of digest. */
  listReferrers(repository: string, subject: Digest): Promise<readonly ReferrerDescriptor[]>;
  /** True when it holds at least one manifest. */
  hasRepository(repository: string): Promise<boolean>;
};

const recordSchema = z.object({ mediaType: z.string(), subject: digestSchema.optional() });
const tagSchema = z.object({ tag: z.string(), digest: digestSchema });
const referrerSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.int().nonnegative(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** The manifest half of the store. */
export function createManifests(context: StoreContext, content: BlobContent): ManifestStore {
  const { layout, writer, gate, lock, changed } = context;
  const tags = createTags(context);
  const readRecord = async (repository: string, digest: Digest) =>
    recordSchema.safeParse(await readJson(layout.manifest(repository, digest))).data;
  const inRepository = <T>(repository: string, run: () => Promise<T>) => lock(`repository ${repository}`, run);

  return {
    resolveTag: tags.resolve,
    async getManifest(repository, digest) {
      const record = await readRecord(repository, digest);
      const bytes = record && (await content.readContent(digest, MANIFEST_LIMIT_BYTES));
      return bytes && record ? { bytes, digest, mediaType: record.mediaType } : undefined;
    },
    hasManifest: async (repository, digest) =>
      (await readRecord(repository, digest)) !== undefined && content.hasContent(digest),
    async putManifest(repository, manifest, names = []) {
      const { digest, mediaType, refersTo } = manifest;
      await inRepository(repository, () =>
        gate.shared(async () => {
          await content.writeContent(digest, manifest.bytes);
          const record = { mediaType, ...(refersTo && { subject: refersTo.subject }) };
          await writer.write(layout.manifest(repository, digest), JSON.stringify(record));
          if (refersTo !== undefined) {
            await writer.write(
              layout.referrer(repository, refersTo.subject, digest),
              JSON.stringify(refersTo.descriptor),
            );
          }
          for (const name of names) await tags.write(repository, name, digest);
        }),
      );
      changed(repository);
    },
    async deleteManifest(repository, digest) {
      const done = await inRepository(repository, async () => {
        const record = await readRecord(repository, digest);
        if (record === undefined) return false;
        await tags.removeAllOf(repository, digest);
        if (record.subject !== undefined) await removeFile(layout.referrer(repository, record.subject, digest));
        return removeFile(layout.manifest(repository, digest));
      });
      if (done) changed(repository);
      return done;
    },
    async deleteTag(repository, tag) {
      const done = await inRepository(repository, async () => {
        const there = (await tags.resolve(repository, tag)) !== undefined;
        return there && removeFile(layout.tag(repository, tag));
      });
      if (done) changed(repository);
      return done;
    },
    async listTags(repository) {
      const names = await tags.list(repository);
      return names.length > 0 || (await hasManifests(context, repository)) ? names : undefined;
    },
    listReferrers: (repository, subject) => listReferrers(context, repository, subject),
    hasRepository: (repository) => hasManifests(context, repository),
  };
}

function createTags({ layout, writer }: StoreContext) {
  const read = async (path: string) => tagSchema.safeParse(await readJson(path)).data;
  const list = async (repository: string): Promise<string[]> => {
    const names: string[] = [];
    for (const entry of await listFolder(layout.tagsDir(repository))) {
      if (!entry.isFile()) continue;
      const plain = tagOfFileName(entry.name);
      const name = plain ?? (await read(`${layout.tagsDir(repository)}/${entry.name}`))?.tag;
      if (name !== undefined && isTag(name)) names.push(name);
    }
    return names.sort();
  };
  const resolve = async (repository: string, tag: string) => {
    const entry = await read(layout.tag(repository, tag));
    return entry?.tag === tag ? entry.digest : undefined;
  };
  return {
    list,
    resolve,
    write: (repository: string, tag: string, digest: Digest) =>
      writer.write(layout.tag(repository, tag), JSON.stringify({ tag, digest })),
    async removeAllOf(repository: string, digest: Digest) {
      for (const tag of await list(repository)) {
        if ((await resolve(repository, tag)) === digest) await removeFile(layout.tag(repository, tag));
      }
    },
  };
}

/** Digests of every manifest of a repository. */
export async function listManifestDigests(
  { layout }: Pick<StoreContext, 'layout'>,
  repository: string,
): Promise<Digest[]> {
  const found: Digest[] = [];
  for (const algorithm of ['sha256', 'sha512']) {
    for (const entry of await listFolder(`${layout.repository(repository)}/_manifests/${algorithm}`)) {
      const digest = entry.isFile() ? fromFlatDigest(`${algorithm}-${entry.name}`) : undefined;
      if (digest !== undefined) found.push(digest);
    }
  }
  return found;
}

async function hasManifests(context: StoreContext, repository: string): Promise<boolean> {
  return (await listManifestDigests(context, repository)).length > 0;
}

async function listReferrers(
  { layout }: StoreContext,
  repository: string,
  subject: Digest,
): Promise<ReferrerDescriptor[]> {
  const folder = layout.referrersDir(repository, subject);
  const found: ReferrerDescriptor[] = [];
  for (const entry of await listFolder(folder)) {
    if (!entry.isFile()) continue;
    const descriptor = referrerSchema.safeParse(await readJson(`${folder}/${entry.name}`, MANIFEST_LIMIT_BYTES)).data;
    if (descriptor !== undefined) found.push(descriptor);
  }
  return found;
}
