import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';

/** How to reach one registry, as one person. */
export type RegistryConnection = {
  /** Canonical `host[:port]`; `docker.io` is turned into its API host inside. */
  readonly host: string;
  /** The person said so. Without it https is tried first, and plain http after it for hosts on this machine or network. */
  readonly plainHttp: boolean;
  /** https was found there before: plain http is not tried any more. */
  readonly httpsSeen?: boolean;
  /** Told when https was found where plain http would have been tried too. Must not throw. */
  readonly onHttpsSeen?: () => void;
  /** Applies to this host:port only, never to a token server or a redirect target. */
  readonly skipVerification: boolean;
  /** One credential for the whole registry. */
  readonly credential?: RegistryCredential;
  /** Asked for each repository when there is no `credential`. */
  readonly credentialSource?: CredentialSource;
  readonly tls?: TlsChoice;
  /** `system` when absent. */
  readonly proxy?: ProxyChoice;
  /** Stands before `/v2/`: `/registry`. Empty when absent. */
  readonly apiPrefix?: string;
  /** Stands before every repository name, and is taken off in lists: `hub`. Empty when absent. */
  readonly repositoryPrefix?: string;
  /** Hosts (`host[:port]`) that this registry may have uploads sent to, by https and without the credential. */
  readonly uploadHosts?: readonly string[];
  /** Uploads go in chunks of so many bytes from the start, for what stands in between and breaks long requests. */
  readonly uploadChunkBytes?: number;
  /** Token servers (`host[:port]`) this credential may be sent to besides the registry's own and the built-in pairs. */
  readonly trustedTokenHosts?: readonly string[];
};

export type RegistryCredential =
  | { readonly kind: 'password'; readonly username: string; readonly secret: string }
  | { readonly kind: 'bearer'; readonly secret: string }
  | IdentityToken;

/** An OAuth2 refresh token, which may be good for one use. */
export type IdentityToken = {
  readonly kind: 'identity';
  readonly secret: string;
  /** Hears of the one that a token server gives in its place. */
  readonly onRenewed?: (secret: string) => void;
  /** What it is by now where it is kept: another client may have renewed it. Asked after a refusal. */
  readonly reread?: () => Promise<string | undefined>;
  /** Runs one work at a time for all clients that hold this token. */
  readonly alone?: <T>(work: () => Promise<T>) => Promise<T>;
};

/** A credential that was looked for, and the sentence that says why it is this one (no secret in it). */
export type FoundCredential = { readonly credential?: RegistryCredential; readonly why: string };

/** Finds the credential for one repository (or for the registry as a whole) at the time it is needed. */
export type CredentialSource = {
  /** `stale`: the one found before was refused; look again where it came from. @throws {CredentialHelperError} */
  find(options: {
    readonly repository?: string | undefined;
    readonly stale?: boolean;
    readonly signal?: AbortSignal | undefined;
  }): Promise<FoundCredential>;
};

/** PEM texts. The authorities come on top of the system's. */
export type TlsChoice = {
  readonly caPem?: string;
  readonly client?: { readonly certificatePem: string; readonly keyPem: string; readonly passphrase?: string };
};

/** `system`: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment. */
export type ProxyChoice =
  | { readonly kind: 'system' }
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly url: string };

export type RegistryWarning = { readonly source: 'registry' | 'gantry'; readonly text: string };

export type NamePage = {
  readonly names: readonly string[];
  /** Present: there is more. Opaque; checked again (same origin, under `/v2/`) when it comes back. */
  readonly nextCursor?: string;
  readonly droppedCount: number;
  readonly warnings?: readonly RegistryWarning[];
  readonly offline?: Offline;
};

/**
 * The answer was kept from `seenAt` (ISO 8601), because the registry cannot be reached now (`reason` is one of
 * `network`'s), or is there and does not answer: `busy`, `rate-limited`.
 */
export type Offline = { readonly seenAt: string; readonly reason: string };

/** Whether anybody is there at all, apart from what they are kept busy with. */
export type Presence = {
  /** Something came from the registry at that time or later, whoever asked: milliseconds since the epoch. */
  heardSince(ms: number): boolean;
  /**
   * Resolves when somebody is there: for any answer to a GET /v2/ that waits behind nothing, for whatever else comes
   * meanwhile, and at once while the registry has us wait. @throws {RegistryError}
   */
  check(signal: AbortSignal): Promise<void>;
};

/** Spec: OCI Distribution 1.1, "Listing Referrers". `source` says how they were found. */
export type ReferrerPage = {
  readonly referrers: readonly Descriptor[];
  readonly nextCursor?: string;
  readonly source: 'api' | 'tag' | 'none';
  readonly droppedCount: number;
  readonly warnings: readonly RegistryWarning[];
  readonly offline?: Offline;
};

export type ManifestHead = {
  /** Absent when the registry sent no usable digest; then only a GET can tell. */
  readonly digest?: Digest;
  readonly mediaType?: string;
  readonly sizeBytes?: number;
  readonly offline?: Offline;
};

export type FetchedManifest = {
  /** Exactly as received; `digest` is computed from them. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Without parameters; sniffed from the body when the header says nothing useful. */
  readonly mediaType: string;
  readonly warnings: readonly RegistryWarning[];
  readonly offline?: Offline;
};

/** A blob that is there; the size when the registry says it. */
export type BlobHead = { readonly sizeBytes?: number };

/** Bytes of a blob from `startByte` on, counted and not hashed. `etag` is to be given back when it is gone on with. */
export type OpenedBlob = { readonly stream: Readable; readonly startByte: number; readonly etag?: string };

/** How a blob came to be in the repository. */
export type BlobOutcome = 'present' | 'mounted' | 'sent';

/**
 * An upload that may be gone on with, after a restart too. Opaque; it holds the address that the registry gave, whose
 * query may let anybody go on: keep it as a secret is kept.
 */
export type UploadSession = { readonly state: string };

export type PushBlobCall = InRepository & {
  readonly descriptor: Pick<Descriptor, 'digest' | 'sizeBytes'>;
  /**
   * Opens the bytes from `startByte` on. May be called again, with any earlier place, and is then read from there: when
   * it broke off, when the registry has lost some, when a session is gone on with (from 0, to hash what was sent).
   */
  readonly open: (startByte: number, signal: AbortSignal) => Promise<Readable>;
  /** Told of what is read as it comes. What it returns is waited for before the bytes go on: that is how a pace is kept. */
  readonly pass?: (bytes: number, signal: AbortSignal) => Promise<void> | undefined;
  /** Repositories of this registry that have the blob, the likeliest first; three are tried at most. */
  readonly mountFrom?: readonly string[];
  /** From `onSession` of an earlier call for the same blob and repository. One that is over is no error. */
  readonly session?: UploadSession;
  /**
   * A session was begun or has got on, or (undefined) there is none any more. With it the caller keeps sessions: one that
   * may be gone on with is left open when the push fails or is aborted. Without it every session is closed.
   */
  readonly onSession?: (session: UploadSession | undefined) => void;
  /** Bytes that the registry has been given so far; goes back when it has lost some. */
  readonly onProgress?: (sentBytes: number) => void;
};

export type PushManifestCall = InRepository & {
  /** A tag, or the digest of the bytes. */
  readonly reference: string;
  /** Sent exactly as they are. */
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Only if the reference still is what this ETag was given with, where the registry honours that. */
  readonly ifMatch?: string;
};

export type PushedManifest = {
  /** Computed from the bytes; the registry has not contradicted it. */
  readonly digest: Digest;
  readonly warnings: readonly RegistryWarning[];
  /** The registry lists it among the referrers of its subject by itself (`OCI-Subject`). */
  readonly subjectAccepted: boolean;
};

/**
 * How a referrer comes to be listed: the registry does it by itself, or by the fallback tag. `digest` is that of the list
 * under the tag, when this call has changed it.
 */
export type AddedReferrer = {
  readonly by: 'api' | 'tag';
  readonly digest?: Digest;
  readonly warnings: readonly RegistryWarning[];
};

/**
 * What waits for an answer: something a person just opened, a row in view, or work nobody looks at. A `transfer` has
 * places of its own, so that a copy never holds up who browses, nor they it.
 */
export type Priority = 'open' | 'visible' | 'background' | 'transfer';

type Call = {
  readonly signal?: AbortSignal;
  /** `open` when absent. */
  readonly priority?: Priority;
  /** Told of each further try, for a log: `retry 2 of 6 in 0.5 s: HTTP 503`. Reads that are shared tell nobody. */
  readonly onRetry?: (text: string) => void;
};
type InRepository = Call & { readonly repository: string };

/** What a whole blob is asked for with. `onProgress` hears how much of it has come; from 0 again when it is read anew. */
export type GetBlob = {
  readonly descriptor: Descriptor;
  readonly limitBytes?: number;
  readonly onProgress?: (readBytes: number) => void;
};

/**
 * One registry, one credential. Every method rejects with a `RegistryError` (see `transport/registry-error.ts`)
 * and honours its signal; at most six requests are under way at once per host, whoever asks.
 */
export type RegistryClient = {
  readonly connection: RegistryConnection;
  readonly presence: Presence;
  /** GET /v2/: resolves when the registry speaks the protocol and takes our credential (or needs none). */
  ping(call?: Call): Promise<void>;
  listRepositories(call: Call & { readonly cursor?: string }): Promise<NamePage>;
  listTags(call: InRepository & { readonly cursor?: string }): Promise<NamePage>;
  headManifest(call: InRepository & { readonly reference: string }): Promise<ManifestHead>;
  /** At most 4 MiB; verified against `reference` when that is a digest. */
  getManifest(call: InRepository & { readonly reference: string }): Promise<FetchedManifest>;
  /** A whole small blob, verified by digest and size; at most `limitBytes` (4 MiB when absent). */
  getBlob(call: InRepository & GetBlob): Promise<Uint8Array>;
  /**
   * A blob as a stream that fails at its end on a wrong size or digest. Aborting the signal or destroying it frees the
   * socket. Its chunks are nobody's but the reader's.
   */
  openBlob(call: InRepository & { readonly descriptor: Descriptor }): Promise<Readable>;
  /**
   * The bytes from `startByte` to `endByte` (not among them; absent: to the end), not hashed; `startByte` of the answer is
   * 0 when the registry gave anything but exactly those or the rest, and it may end later than was asked for. Fails with `network` when it breaks off, and can then be opened again further on.
   */
  openBlobAt(
    call: InRepository & {
      readonly descriptor: Pick<Descriptor, 'digest' | 'sizeBytes'>;
      readonly startByte: number;
      readonly endByte?: number;
      readonly etag?: string;
    },
  ): Promise<OpenedBlob>;
  /**
   * Undefined when it is not there. Rejects when the registry does not say (`forbidden`, `registry{405}`).
   * `forPush`: asked with the rights of a push, so that one token does for both.
   */
  headBlob(call: InRepository & { readonly digest: Digest; readonly forPush?: boolean }): Promise<BlobHead | undefined>;
  /**
   * Brings a blob into the repository: mounts it where that can be done, else sends it, gone on with as often as it
   * takes. Size and digest are verified before the last byte leaves. Whether it is there already is for the caller to ask.
   */
  pushBlob(call: PushBlobCall): Promise<BlobOutcome>;
  /** Closes an upload that nobody will go on with; the bytes sent so far are given up. Never fails for one that is over. */
  cancelUpload(call: InRepository & { readonly session: UploadSession }): Promise<void>;
  /** At most 4 MiB. What is missing at the registry is in the error: see `missingContent`. */
  pushManifest(call: PushManifestCall): Promise<PushedManifest>;
  /**
   * Lists a manifest that is there already among the referrers of `subject`, where the registry does not do so by itself:
   * to be called when `pushManifest` says `subjectAccepted: false` for one that names a subject. Others' entries are kept.
   * Rejects with `unsupported{referrers}` when something else is under the fallback tag, with a `ConflictError` when
   * others change it all the time.
   */
  addReferrer(call: InRepository & { readonly subject: Digest; readonly referrer: Descriptor }): Promise<AddedReferrer>;
  /** What names the manifest as its subject; each digest once a page. Broken entries are left out and counted. */
  listReferrers(
    call: InRepository & { readonly digest: Digest; readonly artifactType?: string; readonly cursor?: string },
  ): Promise<ReferrerPage>;
  close(): Promise<void>;
};
