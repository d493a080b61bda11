import type { Clock } from '../../ports.ts';
import { type BlobStore, createBlobs } from './blobs.ts';
import { listRepositories } from './catalog.ts';
import { createAtomicWriter, makeFolder } from '../../files.ts';
import { collectGarbage, type GarbageReport } from './garbage.ts';
import { createLayout, type Layout } from './layout.ts';
import { createKeyedLock } from '../../keyed-lock.ts';
import { createGate } from './locks.ts';
import { createManifests, type ManifestStore } from './manifests.ts';
import type { StoreContext } from './store-context.ts';
import { sweepTemporary } from './sweep.ts';
import { createUploads, type UploadStore } from './uploads.ts';

/**
 * A registry in a folder. Names given to it must have passed `isRepositoryName` and `isTag`; content is not
 * interpreted here. Errors of the file system come out as they are.
 */
export type RegistryStore = BlobStore &
  UploadStore &
  ManifestStore & {
    readonly layout: Layout;
    /** Repositories that hold a manifest, in lexical order. */
    listRepositories(): Promise<readonly string[]>;
    /** Removes content that no manifest needs and nobody has touched for `graceMs` (an hour when absent). */
    collectGarbage(graceMs?: number): Promise<GarbageReport>;
    /** Writes the port to be tried first at the next start. */
    rememberPort(port: number): Promise<void>;
    /** Writes the marker that the samples have been here. */
    markSeeded(): Promise<void>;
  };

export type OpenStoreOptions = {
  readonly dir: string;
  readonly clock: Pick<Clock, 'now'>;
  /** False leaves out fsync, for content that can be made again. */
  readonly durable?: boolean;
  readonly onChange?: (repository: string) => void;
};

/** Longer than a client takes between its last blob and its manifest. */
const GRACE_MS = 60 * 60 * 1000;

/** Makes the folders that are missing, removes what a killed process left, and opens the store. */
export async function openStore(options: OpenStoreOptions): Promise<RegistryStore> {
  const layout = createLayout(options.dir);
  for (const folder of [layout.blobsDir, layout.repositoriesDir, layout.uploadsDir, layout.temporaryDir]) {
    await makeFolder(folder);
  }
  const context: StoreContext = {
    layout,
    writer: createAtomicWriter(layout.temporaryDir, options.durable ?? true),
    clock: options.clock,
    gate: createGate(),
    lock: createKeyedLock(),
    changed: options.onChange ?? (() => undefined),
  };
  await sweepTemporary(context);
  const { blobs, content } = createBlobs(context);
  const uploads = createUploads(context, content);
  await uploads.expireUploads();
  return {
    layout,
    ...blobs,
    ...uploads,
    ...createManifests(context, content),
    listRepositories: () => listRepositories(context),
    collectGarbage: (graceMs = GRACE_MS) => collectGarbage(context, content, graceMs),
    rememberPort: (port) => context.writer.write(layout.portFile, `${port}\n`),
    markSeeded: () => context.writer.write(layout.samplesMarker, ''),
  };
}
