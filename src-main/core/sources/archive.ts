import type { Digest } from '#shared/oci/digest.ts';
import type { ContentDestination, ContentSource, ManifestBytes } from '../transfer/ends.ts';

// The contract has the same shapes as schemas (`src-shared/api/archives.ts`), which the engine may not import.

export type ArchiveFormat = 'oci-layout' | 'oci-tar' | 'docker-tar';

/** One image of an archive, as its own list has it. */
export type ArchiveImage = {
  /** Position in that list, from 0. */
  readonly index: number;
  /** As written there: `docker.io/library/app:1`, `1.27`, or none at all. */
  readonly names: string[];
  /** Absent for an image of a docker-save tar, until its manifest is made. */
  readonly digest?: Digest;
  /** The image ID as docker shows it; of an image of one platform only. */
  readonly configDigest?: Digest;
  readonly mediaType: string;
  readonly kind: 'index' | 'image' | 'artifact' | 'unknown';
  readonly platforms: string[];
  /** Config and layers of all its manifests, each blob once, as they lie in the archive. */
  readonly sizeBytes: number;
};

/** What an archive holds. */
export type ArchiveContents = {
  /** The last part of its path, for people. */
  readonly name: string;
  readonly format: ArchiveFormat;
  readonly sizeBytes: number;
  readonly images: ArchiveImage[];
  readonly warnings: { readonly source: 'gantry'; readonly text: string }[];
};

type Call = { readonly signal: AbortSignal };

/** An opened archive as the source of a transfer. References are digests, or names as `images` has them. */
export type ArchiveSource = ContentSource & {
  readonly contents: ArchiveContents;
  /**
   * The manifest of an image by its `index`. For an image of a docker-save tar this reads its layers once, and
   * compresses those that are not: it may take a while, and the digest stays the same from then on.
   * @throws {ArchiveError} `missing-image`, `missing-blob`, `damaged`, `bad-document` @throws {DiskError}
   */
  getImage(index: number, call: Call): Promise<ManifestBytes>;
};

/** A folder or file that content is written to. What was sent before a `close` is found again by the same `key`. */
export type ArchiveDestination = ContentDestination & {
  refuse: NonNullable<ContentDestination['refuse']>;
  discard(): Promise<void>;
};

/** What a job keeps of an archive, to open it again after a restart. Opaque to all but {@link OpenArchives}. */
export type ArchiveTicket = string;

/** An archive that a page has opened or uploaded. */
export type OpenedArchive = { readonly archiveId: string; readonly contents: ArchiveContents };

export type BeginUpload = { readonly name: string; readonly kind: 'file' | 'folder'; readonly sizeBytes: number };

/** Archives as pages open, send and close them. */
export type ForPages = {
  /** @throws {ArchiveError} {DiskError} */
  openPath(path: string, call: Call): Promise<OpenedArchive>;
  /** A place for files that a page is going to send. @throws {DiskError} when there is no room for as many bytes */
  beginUpload(upload: BeginUpload): Promise<string>;
  /**
   * One file of an upload; `path` is relative to the folder, and not used for a single file. What came of a file that
   * broke off is deleted.
   * @throws {ArchiveError} `bad-path`, `too-large` @throws {NotFoundError} for an id that is none @throws {DiskError}
   */
  receive(archiveId: string, path: string, bytes: AsyncIterable<Uint8Array>, call: Call): Promise<void>;
  /** What was uploaded; deleted when it is no archive. @throws {ArchiveError} {NotFoundError} {DiskError} */
  finishUpload(archiveId: string, call: Call): Promise<OpenedArchive>;
  /** Forgets it; what was uploaded is deleted when no source and no ticket needs it. False when there is no such id. */
  close(archiveId: string): Promise<boolean>;
};

/** Archives as transfers use them. Whoever uses one holds it, so that closing it takes nothing away. */
export type ForJobs = {
  /** A source of its own, to be closed by whoever asked. @throws {NotFoundError} */
  openArchiveSource(archiveId: string): ArchiveSource;
  /** What was uploaded stays on the disk until the ticket is given back. @throws {NotFoundError} */
  takeTicket(archiveId: string): ArchiveTicket;
  giveBackTicket(ticket: ArchiveTicket): Promise<void>;
  /** @throws {ArchiveError} `changed`, or as `openPath` @throws {DiskError} when it is not there any more */
  openByTicket(ticket: ArchiveTicket, call: Call): Promise<ArchiveSource>;
  /** Once at the start: the tickets that jobs of earlier runs hold. What none of them needs is deleted. */
  keepOnly(tickets: readonly ArchiveTicket[]): Promise<void>;
};

/** The archives that are open in this process. */
export type OpenArchives = ForPages &
  ForJobs & {
    /** Lets go of every archive. What tickets need stays on the disk. */
    closeAll(): Promise<void>;
  };

export type ArchiveDestinationOptions = {
  readonly format: ArchiveFormat;
  /** Where it is to be: a file, or for `oci-layout` a folder that is made, or added to when it is a layout. */
  readonly path: string;
  /** Of the job: two destinations of one path and key go on from one another, others do not meet. `[a-z0-9-]{1,64}` */
  readonly key: string;
  /**
   * Of a docker tar: every platform of an index becomes an image of its own, `app:1.2-linux-arm64`, for a person who has
   * chosen several. Without it an index of several platforms is refused.
   */
  readonly eachPlatform?: boolean;
};
