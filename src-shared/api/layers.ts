import { z } from 'zod';
import {
  filesTargetSchema,
  fileTypeSchema,
  hidingSchema,
  insidePathSchema,
  layerIndexSchema,
  windowShape,
} from './file-rows.ts';
import { procedure } from './procedure.ts';

/**
 * Bytes of file content, uncompressed and exact: `shipped` is what the layer's tar holds, `surviving` what of it the
 * finished image still shows (each content once, however many hard links), `wasted` the difference. The compressed
 * figure is an estimate: wasted bytes by the layer's own ratio of compressed to uncompressed.
 */
const bytesSchema = {
  shippedBytes: z.number(),
  survivingBytes: z.number(),
  wastedBytes: z.number(),
  wastedCompressedEstimateBytes: z.number(),
};

export const layerOverviewSchema = z.object({
  layer: layerIndexSchema,
  ...bytesSchema,
  /** Against what lies below; directories that only repeat what was there are not counted. */
  addedCount: z.int(),
  changedCount: z.int(),
  removedCount: z.int(),
  /** How much larger the file system is with the layer than without it. */
  sizeDelta: z.number(),
});
export type LayerOverview = z.infer<typeof layerOverviewSchema>;

/** What one layer shipped and another one hid, together. */
export const wastePairSchema = z.object({
  shippedBy: layerIndexSchema,
  hiddenBy: layerIndexSchema,
  wastedBytes: z.number(),
  wastedCompressedEstimateBytes: z.number(),
  fileCount: z.int(),
});
export type WastePair = z.infer<typeof wastePairSchema>;

/** A content that was shipped for nothing. */
export const wasteRowSchema = z.object({
  path: insidePathSchema,
  type: fileTypeSchema,
  shippedBy: layerIndexSchema,
  /** What hid the last name that the content had. */
  hiddenBy: hidingSchema,
  wastedBytes: z.number(),
  wastedCompressedEstimateBytes: z.number(),
  /** What is at the path in the finished image, if anything. */
  survivor: z.object({ layer: layerIndexSchema.optional(), type: fileTypeSchema, sizeBytes: z.number() }).optional(),
});
export type WasteRow = z.infer<typeof wasteRowSchema>;

/** Numbers of the layers of an opened target (see `files.open`). What a layer changed is `files.list` with that view. */
export const layersContract = {
  overview: procedure.input(filesTargetSchema).output(
    z.object({
      layers: z.array(layerOverviewSchema),
      ...bytesSchema,
      /** Surviving by shipped, 0 to 1; 1 when nothing is shipped. */
      efficiency: z.number(),
      pairs: z.array(wastePairSchema).max(1000),
    }),
  ),

  /** The largest first; narrowed to what one layer shipped, or hid. */
  waste: procedure
    .input(
      filesTargetSchema.extend({
        shippedBy: layerIndexSchema.optional(),
        hiddenBy: layerIndexSchema.optional(),
        ...windowShape,
      }),
    )
    .output(z.object({ rows: z.array(wasteRowSchema).max(1000), totalCount: z.int() })),
};
