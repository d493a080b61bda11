import type { Stats } from 'node:fs';
import { utimes } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { digestOf, digestOfFile } from '../../content-digest.ts';
import { openRegular, orAbsent, removeFile, statRegular } from '../../files.ts';
import type { StoreContext } from './store-context.ts';

/** Bytes first to last, both included. */
export type ByteRange = { readonly first: number; readonly last: number };

/** Blobs as a repository sees them: content is stored once, each repository has its own link to it. */
export type BlobStore = {
  /** Undefined when the repository has no such blob, or its stored bytes are damaged. */
  statBlob(repository: string, digest: Digest): Promise<{ readonly sizeBytes: number } | undefined>;
  /** The bytes as a stream that the caller must read to its end or destroy. Ask `statBlob` for the size first. */
  openBlob(repository: string, digest: Digest, range?: ByteRange): Promise<Readable | undefined>;
  putBlob(repository: string, bytes: Uint8Array): Promise<Digest>;
  /** Makes a blob of `from` (of any repository when absent) visible in `repository`; false when it is not there. */
  mountBlob(repository: string, digest: Digest, from?: string): Promise<boolean>;
  /** Takes the blob out of this repository; the content goes when no repository needs it. */
  deleteBlob(repository: string, digest: Digest): Promise<boolean>;
};

/** What the other parts of the store need of the blobs. */
export type BlobContent = {
  /** True when the content is there and undamaged, whoever links to it. */
  hasContent(digest: Digest): Promise<boolean>;
  readContent(digest: Digest, limitBytes: number): Promise<Buffer | undefined>;
  writeContent(digest: Digest, bytes: Uint8Array): Promise<void>;
  /** Takes over a finished, synced file whose digest the caller has computed. */
  adoptContent(path: string, digest: Digest): Promise<void>;
  link(repository: string, digest: Digest): Promise<void>;
  /** Like `statBlob`, for whoever holds the gate already; the sweep cannot come in between. */
  isLinked(repository: string, digest: Digest): Promise<boolean>;
};

/** Above this, a damaged file is found by the client's own check: hashing it first would keep the client waiting. */
const VERIFY_LIMIT_BYTES = 64 * 1024 * 1024;
/** A link seen by a client is kept from the sweep for a while: the client will not send the blob again. */
const TOUCH_AFTER_MS = 60_000;

/** The blob half of the store. */
export function createBlobs(context: StoreContext): { readonly blobs: BlobStore; readonly content: BlobContent } {
  const content = createContent(context);
  const { layout, gate, clock } = context;

  const stat = async (repository: string, digest: Digest) => {
    const path = layout.blobLink(repository, digest);
    const link = await statRegular(path);
    if (link === undefined) return undefined;
    // Through the gate: a sweep under way may be about to remove what we would say is there.
    const isOld = clock.now() - link.mtimeMs > TOUCH_AFTER_MS;
    if (isOld && !(await gate.shared(() => touch(path, clock.now())))) return undefined;
    return content.checked(digest);
  };

  const blobs: BlobStore = {
    async statBlob(repository, digest) {
      const stats = await stat(repository, digest);
      return stats && { sizeBytes: stats.size };
    },
    async openBlob(repository, digest, range) {
      if ((await stat(repository, digest)) === undefined) return undefined;
      const handle = await openRegular(layout.blob(digest));
      return handle?.createReadStream({
        highWaterMark: 256 * 1024,
        ...(range && { start: range.first, end: range.last }),
      });
    },
    putBlob: (repository, bytes) =>
      gate.shared(async () => {
        const digest = digestOf(bytes);
        await content.writeContent(digest, bytes);
        await content.link(repository, digest);
        return digest;
      }),
    mountBlob: (repository, digest, from) =>
      gate.shared(async () => {
        if (from !== undefined && (await statRegular(layout.blobLink(from, digest))) === undefined) return false;
        if (!(await content.hasContent(digest))) return false;
        await content.link(repository, digest);
        return true;
      }),
    deleteBlob: (repository, digest) => removeFile(layout.blobLink(repository, digest)),
  };
  return { blobs, content };
}

function createContent({ layout, writer }: StoreContext) {
  // Key: path. Value: what the file looked like when its bytes were last known to match its name.
  const verified = new LRUCache<string, string>({ max: 50_000 });

  /** The file's stats when its bytes match its name; hashes it the first time it is seen in this process. */
  const checked = async (digest: Digest): Promise<Stats | undefined> => {
    const path = layout.blob(digest);
    const stats = await statRegular(path);
    if (stats === undefined || stats.size > VERIFY_LIMIT_BYTES) return stats;
    const signature = `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
    if (verified.get(path) === signature) return stats;
    if ((await digestOfFile(path, digestAlgorithm(digest))) !== digest) return undefined;
    verified.set(path, signature);
    return stats;
  };
  const hasContent = async (digest: Digest) => (await checked(digest)) !== undefined;

  return {
    checked,
    hasContent,
    async readContent(digest: Digest, limitBytes: number) {
      const stats = await checked(digest);
      if (stats === undefined || stats.size > limitBytes) return undefined;
      const handle = await openRegular(layout.blob(digest));
      try {
        return await handle?.readFile();
      } finally {
        await handle?.close();
      }
    },
    async writeContent(digest: Digest, bytes: Uint8Array) {
      // A damaged file answers "absent" here, and so is replaced by the next push of the same content.
      if (!(await hasContent(digest))) await writer.write(layout.blob(digest), bytes);
    },
    async adoptContent(path: string, digest: Digest) {
      if (await hasContent(digest)) await removeFile(path);
      else await writer.moveIn(path, layout.blob(digest));
    },
    link: (repository: string, digest: Digest) => writer.write(layout.blobLink(repository, digest), ''),
    isLinked: async (repository: string, digest: Digest) =>
      (await statRegular(layout.blobLink(repository, digest))) !== undefined && hasContent(digest),
  };
}

/** False when it was deleted meanwhile. */
async function touch(path: string, nowMs: number): Promise<boolean> {
  const done = await orAbsent(utimes(path, nowMs / 1000, nowMs / 1000).then(() => true));
  return done ?? false;
}
