import { InvalidInputError } from '../gantry-error.ts';
import type { TransferJournal } from '../storage/journal/journal-types.ts';
import type { KeptJob } from './kept-job.ts';
import { checkNoneShareATag, decidedRecipe, type RowDecision, withTag } from './plan/row-decisions.ts';
import type { LiveRow } from './run/live-job.ts';
import { formatRecipe, parseRecipe } from './run/recipe-schema.ts';

/** Rows that failed or were cancelled wait again; those that were never to be copied stay as they are. */
export function queueAgain(job: KeptJob, journal: TransferJournal): void {
  const live = job.live();
  for (const { ordinal, state } of live.rows.values()) {
    if (state !== 'failed' && state !== 'cancelled') continue;
    if (journal.recipe(job.jobId, ordinal) === undefined) continue;
    live.setRow(ordinal, { state: 'queued' });
    journal.noteRow(job.jobId, ordinal, { state: 'queued' });
  }
}

/**
 * Into a file that was not finished all images go again: its list of them is made when it is whole, and what lies in it
 * already is found there.
 */
export function queueUnfinished(job: KeptJob): void {
  if (job.facts.fileDestination === undefined) return;
  const live = job.live();
  for (const { ordinal, state } of live.rows.values()) if (state === 'done') live.setRow(ordinal, { state: 'queued' });
}

/**
 * What a person says of rows in conflict, kept before it is acted upon.
 * @throws {InvalidInputError} for a row that is in no conflict, or decisions that contradict one another
 */
export function decideRows(job: KeptJob, decisions: ReadonlyMap<string, RowDecision>, journal: TransferJournal): void {
  const live = job.live();
  const byId = new Map([...live.rows.values()].map((row) => [row.rowId, row]));
  const decided = [...decisions].map(([rowId, decision]) => {
    const row = byId.get(rowId);
    if (row?.state !== 'conflict') throw new InvalidInputError('decisions', 'there is no conflict in this row');
    return decideRow(job, row, decision, journal);
  });
  checkNoneShareATag(decided.flatMap(({ recipe }) => recipe ?? []));
  for (const { row, recipe, destination } of decided) {
    const state = recipe === undefined ? 'skipped' : 'queued';
    const kept = recipe === undefined ? {} : { recipe: formatRecipe(recipe) };
    journal.changeRow(job.jobId, row.ordinal, { state, destination, ...kept });
    live.setRow(row.ordinal, { state, destination });
  }
}

function decideRow(job: KeptJob, row: LiveRow, decision: RowDecision, journal: TransferJournal) {
  const before = parseRecipe(journal.recipe(job.jobId, row.ordinal));
  const recipe = decidedRecipe(before, decision, row.existingDigest);
  return { row, recipe, destination: withTag(row.destination, before.tag, recipe?.tag) };
}
