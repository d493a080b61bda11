import { InvalidInputError } from '../../gantry-error.ts';
import type { JobBlobRecord, JobRowRecord, NewJob } from '../../storage/journal/journal-types.ts';
import type { EndRef } from '../ends.ts';
import { formatFacts, type JobFacts } from '../job-facts.ts';
import { formatRecipe } from '../run/recipe-schema.ts';
import { placeKey, type Plan, type PlannedRow, type RowRecipe } from './plan-types.ts';
import { checkNoneShareATag, decidedRecipe, type RowDecision, withTag } from './row-decisions.ts';

type Options = {
  readonly decisions: ReadonlyMap<string, RowDecision>;
  readonly position: number;
  readonly now: number;
  readonly describeError: (error: unknown) => string;
};

type DecidedRow = { readonly row: PlannedRow; readonly recipe?: RowRecipe };

/**
 * A plan with its decisions as a job for the journal. Rows with nothing to do are in it too, so that what became of each
 * can be told.
 * @throws {InvalidInputError} for a conflict that is not decided, or decisions that contradict one another
 */
export function planToJob(plan: Plan, { decisions, position, now, describeError }: Options): NewJob {
  const rows = plan.rows.map((row) => decide(row, decisions.get(row.rowId)));
  const recipes = rows.flatMap(({ recipe }) => recipe ?? []);
  checkNoneShareATag(recipes);
  return {
    job: {
      jobId: plan.planId,
      position,
      state: 'queued',
      facts: formatFacts(factsOf(plan, recipes)),
      createdAt: now,
    },
    rows: rows.map(({ row, recipe }, ordinal) => toRecord(row, recipe, { ordinal, describeError })),
    manifests: neededManifests(plan, recipes),
    blobs: neededBlobs(plan, recipes),
  };
}

function decide(row: PlannedRow, decision: RowDecision | undefined): DecidedRow {
  const { state, recipe } = row;
  if (recipe === undefined || (state.kind !== 'ready' && state.kind !== 'conflict')) return { row };
  if (state.kind === 'ready') return decision?.kind === 'skip' ? { row } : { row, recipe };
  if (decision === undefined) throw new InvalidInputError('decisions', `${row.destination} needs a decision`);
  const decided = decidedRecipe(recipe, decision, state.existingDigest);
  return decided === undefined ? { row } : { row, recipe: decided };
}

function toRecord(
  row: PlannedRow,
  recipe: RowRecipe | undefined,
  { ordinal, describeError }: { readonly ordinal: number; readonly describeError: (error: unknown) => string },
): JobRowRecord & { readonly recipe?: string } {
  const { rowId, source, state, resultDigest } = row;
  const digest = resultDigest === undefined ? {} : { resultDigest };
  const common = { ordinal, rowId, source, destination: row.destination, ...digest };
  if (recipe !== undefined) {
    const destination = withTag(row.destination, row.recipe?.tag, recipe.tag);
    return { ...common, destination, state: 'queued', recipe: formatRecipe(recipe) };
  }
  if (state.kind === 'failed') return { ...common, state: 'failed', error: describeError(state.error) };
  return { ...common, state: state.kind === 'up-to-date' ? 'up-to-date' : 'skipped' };
}

function factsOf({ target, rows, sources, fileSources }: Plan, recipes: readonly RowRecipe[]): JobFacts {
  const refs = new Map<string, EndRef>(recipes.map(({ source }) => [placeKey(source), source]));
  for (const id of fileSources) refs.set(placeKey({ kind: 'file', id }), { kind: 'file', id });
  const isPush = fileSources.length > 0;
  const single = rows.length === 1 ? rows[0] : undefined;
  return {
    kind: target.kind === 'file' ? 'pull' : isPush ? 'push' : 'copy',
    sources: sources.slice(0, 3),
    sourceCount: sources.length,
    destination: single?.destination ?? destinationOf(target),
    sourceRefs: [...refs.values()],
    ...(target.kind === 'file' ? { fileDestination: target.ref } : {}),
  };
}

function destinationOf(target: Plan['target']): string {
  return target.kind === 'file' ? target.text : `${target.text}/${target.repository}`;
}

function* neededManifests(
  plan: Plan,
  recipes: readonly RowRecipe[],
): Generator<NonNullable<ReturnType<Plan['manifests']['get']>>> {
  const needed = new Set(
    recipes.flatMap(({ resultDigest, children, referrers }) => [
      resultDigest,
      ...[...children, ...referrers].map(({ digest }) => digest),
    ]),
  );
  for (const digest of needed) {
    const manifest = plan.manifests.get(digest);
    if (manifest !== undefined) yield manifest;
  }
}

function* neededBlobs(plan: Plan, recipes: readonly RowRecipe[]): Generator<JobBlobRecord> {
  const seen = new Set<string>();
  for (const { destination, blobs } of recipes) {
    const place = placeKey(destination);
    for (const digest of blobs) {
      const blob = plan.blobs.get(place)?.get(digest);
      const key = `${place} ${digest}`;
      if (blob === undefined || seen.has(key)) continue;
      seen.add(key);
      const { sizeBytes, mediaType, role, state } = blob;
      yield { place, digest, sizeBytes, mediaType, role, state };
    }
  }
}
