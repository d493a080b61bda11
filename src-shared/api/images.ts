import { z } from 'zod';
import { descriptorSchema, pairsSchema } from '../oci/descriptor.ts';
import { digestSchema } from '../oci/digest.ts';
import { historyEntrySchema, imageConfigSchema } from '../oci/image-config.ts';
import { manifestRefSchema, offlineSchema, warningSchema } from './common.ts';
import { procedure } from './procedure.ts';

const common = {
  digest: digestSchema,
  mediaType: z.string(),
  /** Of the manifest itself. */
  sizeBytes: z.int().nonnegative(),
  artifactType: z.string().optional(),
  subject: descriptorSchema.optional(),
  annotations: pairsSchema,
  warnings: z.array(warningSchema),
  offline: offlineSchema.optional(),
};

/** A child of an index. Attestations (`unknown/unknown`, buildx) are folded under the platform they refer to. */
export const indexChildSchema = z.object({
  descriptor: descriptorSchema,
  role: z.enum(['platform', 'index', 'attestation', 'artifact', 'unknown']),
  /** `linux/arm64/v8`; absent for other roles, and for a platform that the index does not name. */
  platformText: z.string().optional(),
  attestations: z.array(descriptorSchema),
});
export type IndexChild = z.infer<typeof indexChildSchema>;

export const indexViewSchema = z.object({
  kind: z.literal('index'),
  ...common,
  /** In the order of the index. `role: attestation` only when its subject is not in this index. */
  children: z.array(indexChildSchema),
  /** The child shown first: this machine's platform, else linux/amd64, linux, windows, the first. */
  defaultChild: digestSchema.optional(),
});

/** A layer with the history line that made it, when the counts allow the match. */
export const layerViewSchema = z.object({
  descriptor: descriptorSchema,
  diffId: digestSchema.optional(),
  historyIndex: z.int().optional(),
  compression: z.enum(['gzip', 'zstd', 'none', 'unknown']),
  /** Non-distributable (foreign) layer: its bytes live elsewhere and are never fetched by us. */
  foreign: z.boolean(),
});
export type LayerView = z.infer<typeof layerViewSchema>;

export const historyLineSchema = historyEntrySchema.extend({ layerIndex: z.int().optional() });

export const singleImageViewSchema = z.object({
  kind: z.literal('image'),
  ...common,
  platformText: z.string(),
  configDescriptor: descriptorSchema,
  config: imageConfigSchema,
  layers: z.array(layerViewSchema),
  history: z.array(historyLineSchema),
  /** `missing`: no history at all; `mismatch`: its non-empty lines do not match the layers, so none is mapped. */
  historyState: z.enum(['mapped', 'missing', 'mismatch']),
  /** Config and layers, compressed; a blob that is listed twice counts once. */
  totalBytes: z.number(),
});

export const artifactViewSchema = z.object({
  kind: z.literal('artifact'),
  ...common,
  configDescriptor: descriptorSchema.optional(),
  blobs: z.array(descriptorSchema),
  totalBytes: z.number(),
});

/** Docker schema 1: shown, never verified beyond its bytes, never copied apart. */
export const schema1ViewSchema = z.object({
  kind: z.literal('schema1'),
  ...common,
  name: z.string(),
  tag: z.string(),
  architecture: z.string(),
  layerDigests: z.array(z.string()),
});

export const unknownViewSchema = z.object({ kind: z.literal('unknown'), ...common });

export const imageViewSchema = z.discriminatedUnion('kind', [
  indexViewSchema,
  singleImageViewSchema,
  artifactViewSchema,
  schema1ViewSchema,
  unknownViewSchema,
]);
export type ImageView = z.infer<typeof imageViewSchema>;
export type IndexView = z.infer<typeof indexViewSchema>;
export type SingleImageView = z.infer<typeof singleImageViewSchema>;
export type ArtifactView = z.infer<typeof artifactViewSchema>;

export const imagesContract = {
  /** One manifest, resolved for a person: an index with its children, an image with config and history mapped to layers… */
  get: procedure
    .input(
      manifestRefSchema.extend({
        /** It was listed as a referrer of this manifest; a view that names another subject warns of it. */
        referrerOf: digestSchema.optional(),
      }),
    )
    .output(imageViewSchema),
};
