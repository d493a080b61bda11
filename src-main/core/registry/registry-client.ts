import type { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';

/** How to reach one registry, as one person. */
export type RegistryConnection = {
  /** Canonical `host[:port]`; `docker.io` is turned into its API host inside. */
  readonly host: string;
  readonly plainHttp: boolean;
  /** Applies to this host:port only, never to a token server or a redirect target. */
  readonly skipVerification: boolean;
  readonly credential?: RegistryCredential;
  /** Token servers (`host[:port]`) this credential may be sent to besides the registry's own and the built-in pairs. */
  readonly trustedTokenHosts?: readonly string[];
};

export type RegistryCredential =
  | { readonly kind: 'password'; readonly username: string; readonly secret: string }
  | { readonly kind: 'bearer'; readonly secret: string };

export type RegistryWarning = { readonly source: 'registry' | 'gantry'; readonly text: string };

export type NamePage = {
  readonly names: readonly string[];
  /** Present: there is more. Opaque; checked again (same origin, under `/v2/`) when it comes back. */
  readonly nextCursor?: string;
  readonly droppedCount: number;
};

export type ManifestHead = {
  /** Absent when the registry sent no usable digest; then only a GET can tell. */
  readonly digest?: Digest;
  readonly mediaType?: string;
  readonly sizeBytes?: number;
};

export type FetchedManifest = {
  /** Exactly as received; `digest` is computed from them. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Without parameters; sniffed from the body when the header says nothing useful. */
  readonly mediaType: string;
  readonly warnings: readonly RegistryWarning[];
};

type Call = { readonly signal?: AbortSignal };
type InRepository = Call & { readonly repository: string };

/**
 * One registry, one credential. Every method rejects with a `RegistryError` (see `transport/registry-error.ts`)
 * and honours its signal; at most six requests are under way at once per host, whoever asks.
 */
export type RegistryClient = {
  readonly connection: RegistryConnection;
  /** GET /v2/: resolves when the registry speaks the protocol and takes our credential (or needs none). */
  ping(call?: Call): Promise<void>;
  listRepositories(call: Call & { readonly cursor?: string }): Promise<NamePage>;
  listTags(call: InRepository & { readonly cursor?: string }): Promise<NamePage>;
  headManifest(call: InRepository & { readonly reference: string }): Promise<ManifestHead>;
  /** At most 4 MiB; verified against `reference` when that is a digest. */
  getManifest(call: InRepository & { readonly reference: string }): Promise<FetchedManifest>;
  /** A whole small blob, verified by digest and size; at most `limitBytes` (4 MiB when absent). */
  getBlob(call: InRepository & { readonly descriptor: Descriptor; readonly limitBytes?: number }): Promise<Uint8Array>;
  /** A blob as a stream that fails at its end on a wrong size or digest. Aborting the signal or destroying it frees the socket. */
  openBlob(call: InRepository & { readonly descriptor: Descriptor }): Promise<Readable>;
  close(): Promise<void>;
};
