import { z } from 'zod';
import { type Digest, digestSchema } from '#shared/oci/digest.ts';
import type { BlobContent } from './blobs.ts';
import { listFolder, readJson, removeFile, statRegular } from '../../files.ts';
import { fromFlatDigest } from './layout.ts';
import type { StoreContext } from './store-context.ts';
import { ContentMissingError } from './store-error.ts';
import { createTags } from './tags.ts';

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
  /** What must be in the repository for it to be stored. */
  readonly needs?: { readonly blobs: readonly Digest[]; readonly manifests: readonly Digest[] };
};

export type StoredManifest = { readonly bytes: Buffer; readonly digest: Digest; readonly mediaType: string };

/** Manifests, tags and referrers. `undefined` and `false` mean "not there". */
export type ManifestStore = {
  getManifest(repository: string, digest: Digest): Promise<StoredManifest | undefined>;
  hasManifest(repository: string, digest: Digest): Promise<boolean>;
  /**
   * Bytes, then referrer, then the record that makes both count, then tags: whoever looks in between, or after a kill,
   * sees the old state or the new one. @throws {ContentMissingError}
   */
  putManifest(repository: string, manifest: NewManifest, tags?: readonly string[]): Promise<void>;
  /**
   * Removes every tag that points to the manifest, then its record, then what it counted for as a referrer. After a kill
   * some of its tags may be gone, and it is whole; deleting it again ends the work. Children of an index stay, and so
   * do its referrers, which are still listed for its digest.
   */
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
  const records = createRecords(context, content);
  const inRepository = <T>(repository: string, run: () => Promise<T>) => lock(`repository ${repository}`, run);

  return {
    resolveTag: tags.resolve,
    async getManifest(repository, digest) {
      const record = await records.read(repository, digest);
      const bytes = record && (await content.readContent(digest, MANIFEST_LIMIT_BYTES));
      return bytes && record ? { bytes, digest, mediaType: record.mediaType } : undefined;
    },
    hasManifest: records.has,
    async putManifest(repository, manifest, names = []) {
      const { digest, mediaType, refersTo } = manifest;
      await inRepository(repository, () =>
        gate.shared(async () => {
          await records.requireContent(repository, manifest);
          await content.writeContent(digest, manifest.bytes);
          if (refersTo !== undefined) {
            const path = layout.referrer(repository, refersTo.subject, digest);
            await writer.write(path, JSON.stringify(refersTo.descriptor));
          }
          const record = { mediaType, ...(refersTo && { subject: refersTo.subject }) };
          await writer.write(layout.manifest(repository, digest), JSON.stringify(record));
          for (const name of names) await tags.write(repository, name, digest);
        }),
      );
      changed(repository);
    },
    async deleteManifest(repository, digest) {
      const done = await inRepository(repository, async () => {
        const record = await records.read(repository, digest);
        if (record === undefined) return false;
        await tags.removeAllOf(repository, digest);
        const isRemoved = await removeFile(layout.manifest(repository, digest));
        if (record.subject !== undefined) await removeFile(layout.referrer(repository, record.subject, digest));
        return isRemoved;
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

/** Records say which blobs are manifests of a repository. */
function createRecords({ layout }: StoreContext, content: BlobContent) {
  const read = async (repository: string, digest: Digest) =>
    recordSchema.safeParse(await readJson(layout.manifest(repository, digest))).data;
  const has = async (repository: string, digest: Digest) =>
    (await read(repository, digest)) !== undefined && content.hasContent(digest);
  return {
    read,
    has,
    /** Asked within the gate, so that nothing of it is swept before the manifest holds it. */
    async requireContent(repository: string, { needs }: NewManifest): Promise<void> {
      for (const digest of needs?.blobs ?? []) {
        if (!(await content.isLinked(repository, digest))) throw new ContentMissingError('blob', digest);
      }
      for (const digest of needs?.manifests ?? []) {
        if (!(await has(repository, digest))) throw new ContentMissingError('manifest', digest);
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
    const digest = entry.isFile() ? fromFlatDigest(entry.name) : undefined;
    // Without its record the manifest is not there: not yet, or not any more.
    if (digest === undefined || (await statRegular(layout.manifest(repository, digest))) === undefined) continue;
    const descriptor = referrerSchema.safeParse(await readJson(`${folder}/${entry.name}`, MANIFEST_LIMIT_BYTES)).data;
    if (descriptor !== undefined) found.push(descriptor);
  }
  return found;
}
