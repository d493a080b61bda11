import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { GantryError } from '../gantry-error.ts';

/**
 * How an end is found again, also after a restart: plain data without a secret. `id` of a file is known to whoever opens
 * files.
 */
export type EndRef =
  | { readonly kind: 'registry'; readonly registryId: string; readonly repository: string }
  | { readonly kind: 'file'; readonly id: string };

/** Opens ends by what refers to them. What was opened is closed by whoever asked for it. */
export type EndOpener = {
  /** @throws {GantryError} `not-found{registry}`, `transfer{source-gone}` */
  openSource(ref: EndRef, call: Call): Promise<ContentSource>;
  /** @throws {GantryError} `not-found{registry}`, `transfer{destination-gone}` */
  openDestination(ref: EndRef, call: Call): Promise<ContentDestination>;
};

/** Opens the ends that are files, by the ids of their refs. */
export type FileEnds = {
  /** @throws {ArchiveError} {DiskError} {TransferError} `source-gone` */
  openSource(id: string, call: Call): Promise<ContentSource>;
  /** @throws {DiskError} {TransferError} `destination-gone` */
  openDestination(id: string, call: Call): Promise<ContentDestination>;
};

/** What a person calls an end, and what its errors are told with: `ghcr.io/acme/app`, `images.tar`. No secret in it. */
export type EndName = { readonly kind: EndKind; readonly name: string };
export type EndKind = 'registry' | 'oci-layout' | 'oci-tar' | 'docker-tar';

/** A manifest exactly as it was received; `digest` is computed from the bytes. */
export type ManifestBytes = { readonly bytes: Uint8Array; readonly digest: Digest; readonly mediaType: string };

/** A repository of a registry, as far as a mount needs to know it. `registryKey` is equal for two ends of one registry. */
export type RegistryPlace = { readonly registryKey: string; readonly repository: string };

type Call = { readonly signal: AbortSignal };

type Noting = {
  /** Told of what did not go as it should, and is no reason to fail. For a log: no secret, no line break. */
  readonly onNote?: (text: string) => void;
};

/**
 * Where content is read from: one repository of a registry, or one image collection in a folder or file. Nothing is
 * written through it. Every method rejects with a `GantryError`, and with the signal's reason when aborted.
 */
export type ContentSource = EndName & {
  /** Present for registries: where blobs could be mounted from. */
  readonly place?: RegistryPlace;
  /** By tag (for archives: the name an image has there) or by digest. Verified against the digest when that is given. */
  getManifest(reference: string, call: Call): Promise<ManifestBytes>;
  /** What a tag means now, where that costs less than the manifest itself: registries count GETs. Undefined: not told. */
  headManifest?(reference: string, call: Call): Promise<Digest | undefined>;
  /** How long a blob is that is named without its size, as schema 1 does. Absent: such manifests cannot be copied. */
  blobSize?(digest: Digest, call: Call): Promise<number>;
  /**
   * The bytes of a blob from `startByte` on, not verified: the engine hashes what it passes on. Fails with
   * `network{reset|truncated|timeout}` when it breaks off, and can then be opened again further on.
   */
  openBlob(descriptor: Descriptor, call: Call & Noting & { readonly startByte: number }): Promise<Readable>;
  /** What names the manifest as its subject: the referrers API or fallback tag, cosign's tags for registries. */
  listReferrers(digest: Digest, call: Call): Promise<readonly Referrer[]>;
  close(): Promise<void>;
};

/** `tag` is set for what is found only by its tag, as cosign's signatures are: it is copied under that tag too. */
export type Referrer = { readonly descriptor: Descriptor; readonly tag?: string };

/** How a blob came to be at the destination. */
export type BlobOutcome = 'present' | 'mounted' | 'sent';

/** An upload session that may be gone on with after a restart. Opaque to all but the end that made it. */
export type UploadSession = { readonly state: string };

export type PutBlob = Call &
  Noting & {
    readonly descriptor: Pick<Descriptor, 'digest' | 'sizeBytes' | 'mediaType'>;
    /** Opens the bytes from `startByte` on; may be called several times. What comes is verified before it is committed. */
    readonly open: (startByte: number, signal: AbortSignal) => Promise<Readable>;
    /** Told of what is read as it comes; what it returns is waited for before the bytes go on. Absent: `open` sees to it. */
    readonly pass?: (bytes: number, signal: AbortSignal) => Promise<void> | undefined;
    /** Repositories of the same registry that have the blob, the likeliest first. */
    readonly mountFrom?: readonly string[];
    readonly session?: UploadSession;
    /** A session was begun (to be kept for a restart), or is over. */
    readonly onSession?: (session: UploadSession | undefined) => void;
    /** Bytes of the blob that the destination has taken so far; may go back when a session has lost some. */
    readonly onProgress?: (sentBytes: number) => void;
  };

export type PutManifest = Call &
  Noting & {
    /**
     * A tag, or the digest itself. For archives in place of a tag the image's name there, in full where it is known:
     * `ghcr.io/acme/app:1.2`, or a bare tag.
     */
    readonly reference: string;
    readonly manifest: ManifestBytes;
  };

/**
 * Where content is written to. Blobs before the manifests that name them, children before their index, tags last:
 * the engine keeps that order, and nothing is visible at a destination file before `finish`.
 */
export type ContentDestination = EndName & {
  readonly place?: RegistryPlace;
  /** The digest a tag or digest has here now; undefined when there is nothing. */
  headManifest(reference: string, call: Call): Promise<Digest | undefined>;
  /** The same from a fresh read of the whole, for the last word after a write; absent where `headManifest` is that. */
  confirmManifest?(reference: string, call: Call): Promise<Digest | undefined>;
  /** All tags here, where one question tells them; undefined when there are more, or nobody says. */
  tags?(call: Call): Promise<ReadonlySet<string> | undefined>;
  hasBlob(descriptor: Descriptor, call: Call): Promise<boolean>;
  putBlob(call: PutBlob): Promise<BlobOutcome>;
  putManifest(call: PutManifest): Promise<void>;
  /** Closes an upload that nobody will go on with. Absent where there are none. Never rejects. */
  dropSession?(session: UploadSession, call: Call): Promise<void>;
  /**
   * Why this end cannot take such a manifest, known before anything is sent: a docker tar takes no artifact, and no index
   * of several platforms. Absent for ends that take everything.
   */
  refuse?(manifest: ManifestBytes): GantryError | undefined;
  /** Makes the whole visible: an archive is closed, synced and moved to its final path. Does nothing for registries. */
  finish(call: Call): Promise<void>;
  /** Lets go; what was not finished is deleted, unless it can be gone on with. */
  close(): Promise<void>;
  /** Lets go, and deletes all that was not finished: after a cancel. Absent where nothing is ever left. */
  discard?(): Promise<void>;
};
