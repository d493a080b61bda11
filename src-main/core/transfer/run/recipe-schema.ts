import { z } from 'zod';
import { digestSchema } from '#shared/oci/digest.ts';
import { endRefSchema } from '../end-ref-schema.ts';
import type { RowRecipe } from '../plan/plan-types.ts';
import { TransferError } from '../transfer-error.ts';

const step = z.object({ digest: digestSchema, tag: z.string().exactOptional(), isThere: z.boolean() });
const recipeSchema: z.ZodType<RowRecipe> = z.object({
  source: endRefSchema,
  destination: endRefSchema,
  sourceDigest: digestSchema,
  sourceTag: z.string().exactOptional(),
  resultDigest: digestSchema,
  tag: z.string().exactOptional(),
  expected: digestSchema.exactOptional(),
  force: z.boolean(),
  children: z.array(step),
  referrers: z.array(step),
  keptTags: z.array(z.string()),
  blobs: z.array(digestSchema),
});

/** As text for the journal. */
export function formatRecipe(recipe: RowRecipe): string {
  return JSON.stringify(recipe);
}

/** @throws {TransferError} `source-gone` for what the journal does not hold, or no longer as this version writes it */
export function parseRecipe(text: string | undefined): RowRecipe {
  const parsed = recipeSchema.safeParse(text === undefined ? undefined : parseJson(text));
  if (!parsed.success) throw new TransferError('source-gone', 'what was planned is not kept any more');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
