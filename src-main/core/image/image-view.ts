import type { IndexChild } from '#shared/oci/attestation.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { HistoryLine, HistoryMap } from '#shared/oci/history.ts';
import type { ImageConfig } from '#shared/oci/image-config.ts';
import type { LayerCompression } from '#shared/oci/media-type.ts';
import type { Offline, RegistryWarning } from '../registry/registry-client.ts';

// The contract has the same shapes as schemas (`src-shared/api/images.ts`, `tags.ts`), which the engine may not import;
// a test holds the two together. Lists are not readonly because what a schema infers is not.

export type ViewCommon = {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Of the manifest itself. */
  readonly sizeBytes: number;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations: Descriptor['annotations'];
  readonly warnings: RegistryWarning[];
  readonly offline?: Offline;
};

export type IndexView = ViewCommon & {
  readonly kind: 'index';
  /** In the order of the index, attestations folded under the image they refer to. */
  readonly children: IndexChild[];
  /** The child to show first; absent only for an empty index. */
  readonly defaultChild?: Digest;
};

/** A layer, with its diff id and the history line that made it when the counts allow the match. */
export type LayerView = {
  readonly descriptor: Descriptor;
  readonly diffId?: Digest;
  readonly historyIndex?: number;
  readonly compression: LayerCompression;
  /** Its bytes live elsewhere and are never fetched by us. */
  readonly foreign: boolean;
};

export type SingleImageView = ViewCommon & {
  readonly kind: 'image';
  /** From the config; `unknown` when that says nothing. */
  readonly platformText: string;
  readonly configDescriptor: Descriptor;
  readonly config: ImageConfig;
  readonly layers: LayerView[];
  readonly history: HistoryLine[];
  readonly historyState: HistoryMap['state'];
  /** Config and layers, compressed; a layer that is there twice counts once, as in a pull. */
  readonly totalBytes: number;
};

export type ArtifactView = ViewCommon & {
  readonly kind: 'artifact';
  readonly configDescriptor?: Descriptor;
  readonly blobs: Descriptor[];
  readonly totalBytes: number;
};

export type Schema1View = ViewCommon & {
  readonly kind: 'schema1';
  readonly name: string;
  readonly tag: string;
  readonly architecture: string;
  readonly layerDigests: string[];
};

export type UnknownView = ViewCommon & { readonly kind: 'unknown' };

/** One manifest, resolved for a person. */
export type ImageView = IndexView | SingleImageView | ArtifactView | Schema1View | UnknownView;

/** What a row of the tag table shows. */
export type TagSummary = {
  readonly tag: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly kind: ImageView['kind'];
  readonly artifactType?: string;
  /** Distinct, in the order of the index; attestations are not among them. */
  readonly platforms: string[];
  /** Config and layers, compressed; for an index of its default child. */
  readonly sizeBytes?: number;
  /** ISO 8601 in UTC; absent when unknown, which the dates of reproducible builds (epoch, zero) count as. */
  readonly created?: string;
  /** For an index: the platform that `sizeBytes` and `created` are of. */
  readonly basisPlatform?: string;
  readonly attestationCount: number;
  readonly offline?: Offline;
};
