import type { Digest } from '#shared/oci/digest.ts';
import { findFreeTag } from './free-tag.ts';
import type { Looked, RowContext, RowResult } from './row-context.ts';
import type { RowRecipe } from './plan-types.ts';
import { destinationText } from './row-names.ts';

type Undecided = Omit<RowResult, 'state' | 'recipe'> & { readonly recipe: RowRecipe; readonly resultDigest: Digest };

/** What becomes of a row whose tag may hold something else: as the person chose for all, or a conflict to be asked. */
export async function decideRow(looked: Looked, row: Undecided, context: RowContext): Promise<RowResult> {
  const { existing } = looked;
  if (existing === undefined || existing === row.resultDigest) return { ...row, state: { kind: 'ready' } };
  const { conflict } = context.options;
  if (conflict === 'skip') return { ...row, state: { kind: 'skipped', reason: 'conflict' } };
  if (conflict === 'overwrite') {
    return { ...row, recipe: { ...row.recipe, force: true }, state: { kind: 'ready' } };
  }
  const renameTo = await freeTag(looked, row.resultDigest, context);
  if (conflict === 'rename' && renameTo !== undefined) return rename(looked, row, renameTo, context);
  const rest = renameTo === undefined ? {} : { renameTo };
  return { ...row, state: { kind: 'conflict', existingDigest: existing, ...rest } };
}

function rename({ names }: Looked, row: Undecided, tag: string, { target, claims }: RowContext): RowResult {
  const renamed = { ...names, tag };
  claims.claim(renamed);
  const { expected: _expected, ...recipe } = row.recipe;
  return {
    ...row,
    destination: destinationText(target, renamed),
    recipe: { ...recipe, tag },
    state: { kind: 'ready' },
  };
}

async function freeTag(
  { names, knowledge }: Looked,
  digest: Digest,
  { claims }: RowContext,
): Promise<string | undefined> {
  // What an image is called in a file is no tag.
  if (names.tag === undefined || names.destination.kind === 'file') return undefined;
  return findFreeTag(names.tag, digest, async (tag) => {
    if (claims.isClaimed({ ...names, tag })) return false;
    return (await knowledge.headManifest(tag)) === undefined;
  });
}
