import type { Descriptor, Pairs } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { ArtifactView, ImageView, LayerView, SingleImageView } from '../../image/image-view.ts';
import { resolveImage } from '../../image/resolve-image.ts';
import type { RegistryClient } from '../../registry/registry-client.ts';
import { FilesError } from '../files-error.ts';

/** One layer to be opened, and what its image says of it. */
export type WantedLayer = {
  readonly descriptor: Descriptor;
  /** What the config promises the tar's digest to be. */
  readonly diffId?: Digest;
  readonly historyIndex?: number;
  readonly createdBy?: string;
  /** Its bytes lie elsewhere and are not fetched. */
  readonly isForeign: boolean;
};

/** What is to be opened, and what the manifest itself is annotated with. */
export type FoundLayers = { readonly wanted: readonly WantedLayer[]; readonly annotations: Pairs };

type Find = {
  readonly client: RegistryClient;
  readonly repository: string;
  /** Of the manifest. */
  readonly digest: Digest;
  /** Only this blob of it. */
  readonly layerDigest?: Digest | undefined;
  readonly signal?: AbortSignal | undefined;
};

// No index is opened, so nothing is chosen by it.
const NO_PLATFORM: Platform = { os: '', architecture: '', osFeatures: [], features: [] };

/**
 * The layers of an image, lowest first, or the one that is asked for: of an artifact too, since what it holds may be a
 * tar. @throws {FilesError} `not-an-image`; {RegistryError}, {OciError} as `resolveImage`
 */
export async function findLayers({ client, repository, digest, layerDigest, signal }: Find): Promise<FoundLayers> {
  const view = await resolveImage({ client, repository, reference: digest, hostPlatform: NO_PLATFORM, signal });
  return { wanted: pick(layersOf(view, layerDigest, digest), layerDigest, digest), annotations: view.annotations };
}

function layersOf(view: ImageView, only: Digest | undefined, digest: Digest): readonly WantedLayer[] {
  if (view.kind === 'image') return view.layers.map((layer) => toWanted(layer, view));
  if (view.kind === 'artifact' && only !== undefined) return blobsOf(view);
  throw new FilesError('not-an-image', digest);
}

function pick(layers: readonly WantedLayer[], only: Digest | undefined, digest: Digest): readonly WantedLayer[] {
  if (only === undefined) return layers;
  const found = layers.find(({ descriptor }) => descriptor.digest === only);
  if (found === undefined) throw new FilesError('not-an-image', digest);
  return [found];
}

function toWanted({ descriptor, diffId, historyIndex, foreign }: LayerView, { config }: SingleImageView): WantedLayer {
  const createdBy = historyIndex === undefined ? undefined : config.history[historyIndex]?.createdBy;
  return {
    descriptor,
    isForeign: foreign,
    ...(diffId === undefined ? {} : { diffId }),
    ...(historyIndex === undefined ? {} : { historyIndex }),
    ...(createdBy === undefined ? {} : { createdBy }),
  };
}

function blobsOf({ blobs }: ArtifactView): readonly WantedLayer[] {
  return blobs.map((descriptor) => ({ descriptor, isForeign: false }));
}
