import type { Digest } from '#shared/oci/digest.ts';
import { isTag } from '#shared/oci/reference.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import { placeKey, type RowRecipe } from './plan-types.ts';

/** What a person says of a row whose tag holds something else. */
export type RowDecision =
  | { readonly kind: 'skip' }
  | { readonly kind: 'overwrite' }
  | { readonly kind: 'rename'; readonly tag: string };

/**
 * The recipe that a decision makes of one; undefined to leave the row out. `overwrite` is for what the person was shown,
 * `existing`: should the tag hold yet another thing by then, that is asked again. A new tag must be free by then.
 * @throws {InvalidInputError}
 */
export function decidedRecipe(
  recipe: RowRecipe,
  decision: RowDecision,
  existing: Digest | undefined,
): RowRecipe | undefined {
  const { expected: _expected, ...rest } = recipe;
  if (decision.kind === 'skip') return undefined;
  if (decision.kind === 'overwrite') return existing === undefined ? rest : { ...rest, expected: existing };
  if (recipe.destination.kind === 'file' || !isTag(decision.tag)) throw new InvalidInputError('decisions', 'not a tag');
  return { ...rest, tag: decision.tag };
}

/** @throws {InvalidInputError} when two of them would write one tag */
export function checkNoneShareATag(recipes: Iterable<RowRecipe>): void {
  const seen = new Set<string>();
  for (const { destination, tag } of recipes) {
    if (tag === undefined) continue;
    const key = `${placeKey(destination)} ${tag}`;
    if (seen.has(key)) throw new InvalidInputError('decisions', `two rows would write the tag ${tag}`);
    seen.add(key);
  }
}

/** `registry.example.com/team/app:1.2` with another tag. */
export function withTag(destination: string, before: string | undefined, tag: string | undefined): string {
  if (before === tag || tag === undefined) return destination;
  const bare =
    before !== undefined && destination.endsWith(`:${before}`) ? destination.slice(0, -before.length - 1) : destination;
  return `${bare}:${tag}`;
}
