import pLimit from 'p-limit';
import { createPacedMailbox } from '../../paced-mailbox.ts';
import type { Clock } from '../../ports.ts';
import type { EndOpener } from '../ends.ts';
import { expandItems } from './expand-items.ts';
import { createManifestShelf } from './manifest-shelf.ts';
import { createPlanEnds, type PlanEnds } from './plan-ends.ts';
import { claimNames, failedRow, planRow } from './plan-row.ts';
import { addRow, NO_TOTALS, type PlanTotals } from './plan-totals.ts';
import {
  type ExpandedRow,
  fileSourcesOf,
  type Plan,
  type PlanItem,
  type PlannedRow,
  type PlanOptions,
  type PlanTarget,
} from './plan-types.ts';
import type { RowContext } from './row-context.ts';
import { createTagClaims, isOneRepository, namesOf } from './row-names.ts';

/** Rows are looked at so many at a time: enough to fill a connection pool, few enough to hold little at once. */
const CONCURRENCY = 32;
/** Ten messages a second at most. */
const PACE_MS = 100;
/** From so many images on a plan looks before it reads. */
const BULK = 6;

export type PlanInput = {
  readonly planId: string;
  readonly items: readonly PlanItem[];
  readonly target: PlanTarget;
  readonly options: PlanOptions;
};

export type PlanEvent =
  | { readonly kind: 'expanded'; readonly rowCount: number; readonly isWhole: boolean }
  | { readonly kind: 'rows'; readonly rows: readonly PlannedRow[]; readonly totals: PlanTotals }
  | { readonly kind: 'done'; readonly plan: Plan; readonly totals: PlanTotals };

type Deps = { readonly ends: EndOpener; readonly clock: Clock };

type Found = { readonly expandedCount: number; readonly isWhole: boolean; readonly row?: PlannedRow };

/**
 * Walks the sources and looks at the destination; writes nothing. Rows come as they are ready, `done` is last. Stops
 * when `signal` aborts, or the reader returns.
 * @throws {TransferError} `too-many` @throws {InvalidInputError} for a filter that is none
 */
export async function* makePlan(
  input: PlanInput,
  deps: Deps,
  given: AbortSignal,
): AsyncGenerator<PlanEvent, void, void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([given, stop.signal]);
  const ends = createPlanEnds(deps.ends, { signal, isForWhole: input.items.some(isRepository) });
  const context = createContext(input, ends, signal);
  const mailbox = createPacedMailbox<Found>(PACE_MS, deps.clock);
  const order = new Map<string, number>();
  const working = work(input.items, context, { put: mailbox.put, order }).then(mailbox.end, mailbox.fail);
  const rows: PlannedRow[] = [];
  let totals = NO_TOTALS;
  let told = { rowCount: -1, isWhole: false };
  try {
    for (let found = await mailbox.take(signal); found !== undefined; found = await mailbox.take(signal)) {
      const last = found.at(-1);
      const expanded = { rowCount: last?.expandedCount ?? 0, isWhole: last?.isWhole ?? false };
      if (expanded.rowCount !== told.rowCount || expanded.isWhole !== told.isWhole) {
        told = expanded;
        yield { kind: 'expanded', ...expanded };
      }
      const fresh = found.flatMap(({ row }) => row ?? []);
      rows.push(...fresh);
      totals = fresh.reduce(addRow, totals);
      if (fresh.length > 0) yield { kind: 'rows', rows: fresh, totals };
    }
    yield { kind: 'done', plan: await toPlan(input, { rows, order, ends, context }), totals };
  } finally {
    stop.abort();
    await working;
    await ends.close();
  }
}

function createContext({ items, target, options }: PlanInput, ends: PlanEnds, signal: AbortSignal): RowContext {
  return {
    target,
    options,
    claims: createTagClaims(),
    shelf: createManifestShelf(signal),
    isBulk: items.length >= BULK || items.some(isRepository),
    openSource: ({ source }) => ends.source(source),
    openDestination: ({ destination }) => ends.destination(destination),
    signal,
  };
}

/** The destination's tags are read while the source's are: a round trip less before the first row. */
async function readTagsAhead([first]: readonly PlanItem[], { target, openDestination }: RowContext): Promise<void> {
  if (first?.kind !== 'repository' || target.kind !== 'registry' || !isOneRepository(target)) return;
  try {
    // Where it goes without a tag is where all of its tags go.
    await (await openDestination(namesOf({ ...target, tag: '' }, first.name, undefined))).readTags();
  } catch {
    // Told by the rows.
  }
}

const isRepository = ({ kind }: PlanItem): boolean => kind === 'repository';

/** Expands the items and plans each row as soon as it is known. Names are claimed in the order of the rows. */
async function work(
  items: readonly PlanItem[],
  context: RowContext,
  { put, order }: { readonly put: (found: Found) => void; readonly order: Map<string, number> },
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  const running: Promise<void>[] = [readTagsAhead(items, context)];
  let expandedCount = 0;
  let isWhole = false;
  const add = (row: PlannedRow): void => put({ expandedCount, isWhole, row });
  const begin = (row: ExpandedRow): void => {
    order.set(row.rowId, order.size);
    const planned = claimed(row, context);
    const task = limit(async () => add(await planned()));
    // Should the list end in a failure, nobody waits for those under way.
    task.catch(() => undefined);
    running.push(task);
  };
  for await (const expansion of expandItems(items, context.signal)) {
    expandedCount += expansion.kind === 'rows' ? expansion.rows.length : 1;
    put({ expandedCount, isWhole });
    if (expansion.kind === 'rows') expansion.rows.forEach(begin);
    else {
      const { rowId, sourceText, error } = expansion;
      order.set(rowId, order.size);
      add(failedRow({ rowId, source: sourceText, destination: context.target.text }, error));
    }
  }
  isWhole = true;
  put({ expandedCount, isWhole });
  // All of them, also after a stop: whoever is told that it has stopped finds nothing under way.
  for (const outcome of await Promise.allSettled(running)) if (outcome.status === 'rejected') throw outcome.reason;
}

function claimed(row: ExpandedRow, context: RowContext): () => Promise<PlannedRow> {
  try {
    const names = claimNames(row, context);
    return () => planRow(row, names, context);
  } catch (error) {
    const texts = { rowId: row.rowId, source: row.sourceText, destination: context.target.text };
    return () => Promise.resolve(failedRow(texts, error));
  }
}

async function toPlan(
  { planId, items, target, options }: PlanInput,
  made: {
    readonly rows: readonly PlannedRow[];
    readonly order: ReadonlyMap<string, number>;
    readonly ends: PlanEnds;
    readonly context: RowContext;
  },
): Promise<Plan> {
  const known = await made.ends.known();
  const placeOf = ({ rowId }: PlannedRow): number => made.order.get(rowId) ?? 0;
  return {
    planId,
    // As the items were given, however the answers came.
    rows: made.rows.toSorted((one, other) => placeOf(one) - placeOf(other)),
    manifests: made.context.shelf.kept,
    blobs: new Map([...known].map(([key, { blobs }]) => [key, blobs])),
    options,
    target,
    sources: [...new Set(items.map(({ text }) => text))],
    fileSources: fileSourcesOf(items),
  };
}
