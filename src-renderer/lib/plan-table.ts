import type { AppError } from '#shared/api/app-error.ts';
import type { PlanEvent, PlanRow, PlanTotals, RowDecision } from '#shared/api/transfers.ts';
import { isTag } from '#shared/oci/reference.ts';
import { assertNever } from './assert-never.ts';
import { formatBytes, formatCount } from './format-bytes.ts';
import { compareNatural } from './natural-order.ts';

/** A plan as far as it has come. */
export type Plan = {
  readonly rows: readonly PlanRow[];
  /** How many rows there will be, as far as is known; `isCounted` once all repositories are listed. */
  readonly expectedCount: number;
  readonly isCounted: boolean;
  readonly totals: PlanTotals | undefined;
  /** There once it is whole and can be started. */
  readonly planId: string | undefined;
  readonly error: AppError | undefined;
};

export const NO_PLAN: Plan = {
  rows: [],
  expectedCount: 0,
  isCounted: false,
  totals: undefined,
  planId: undefined,
  error: undefined,
};

/**
 * The plan after a message. While rows arrive they are only added at the end, so nothing moves under the pointer; once
 * all are there they stand in order of their names.
 */
export function applyPlanEvent(plan: Plan, event: PlanEvent): Plan {
  switch (event.kind) {
    case 'expanded':
      return { ...plan, expectedCount: event.rowCount, isCounted: event.isWhole };
    case 'rows':
      return { ...plan, rows: [...plan.rows, ...event.rows], totals: event.totals };
    case 'done': {
      const rows = plan.rows.toSorted((a, b) => compareNatural(a.source, b.source));
      return { ...plan, rows, totals: event.totals, planId: event.planId, expectedCount: rows.length, isCounted: true };
    }
    default:
      return assertNever(event);
  }
}

export type Decisions = ReadonlyMap<string, RowDecision>;
export const NO_DECISIONS: Decisions = new Map();

/** One decision made, changed, or taken back. */
export function withDecision(decisions: Decisions, rowId: string, decision: RowDecision | undefined): Decisions {
  const next = new Map(decisions);
  if (decision === undefined) next.delete(rowId);
  else next.set(rowId, decision);
  return next;
}

export type PlanFilter = 'all' | 'send' | 'conflict' | 'failed';

type RowKind = PlanRow['state']['kind'];
const FILTERS: Readonly<Record<Exclude<PlanFilter, 'all'>, ReadonlySet<RowKind>>> = {
  send: new Set(['ready']),
  conflict: new Set(['conflict']),
  failed: new Set(['failed']),
};

export function filterPlan(rows: readonly PlanRow[], filter: PlanFilter): readonly PlanRow[] {
  return filter === 'all' ? rows : rows.filter(({ state }) => FILTERS[filter].has(state.kind));
}

/** Why a decision cannot be used; undefined for a good one. */
export function decisionProblem(decision: RowDecision | undefined): string | undefined {
  if (decision?.kind !== 'rename') return undefined;
  if (decision.tag === '') return 'Type a tag';
  return isTag(decision.tag) ? undefined : 'Not a tag';
}

function conflictsOf(rows: readonly PlanRow[]) {
  return rows.flatMap((row) => (row.state.kind === 'conflict' ? [{ row, renameTo: row.state.renameTo }] : []));
}

/** One decision for every conflict; a rename takes the free tag the engine found, and leaves rows without one as they are. */
export function decideAll(rows: readonly PlanRow[], decisions: Decisions, kind: RowDecision['kind']): Decisions {
  const next = new Map(decisions);
  for (const { row, renameTo } of conflictsOf(rows)) {
    if (kind !== 'rename') next.set(row.rowId, { kind });
    else if (renameTo !== undefined) next.set(row.rowId, { kind, tag: renameTo });
  }
  return next;
}

/** The decision all conflicts share, if they do. */
export function sharedDecision(rows: readonly PlanRow[], decisions: Decisions): RowDecision['kind'] | undefined {
  const kinds = new Set(conflictsOf(rows).map(({ row }) => decisions.get(row.rowId)?.kind));
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

export type PlanOutcome = {
  readonly runCount: number;
  readonly undecidedCount: number;
  readonly badCount: number;
  /** Of the rows that will run. A blob that a skipped row shares with another is still counted where it was first. */
  readonly bytesToSend: number;
};

/** What starting the plan now would do. */
export function outcomeOf(rows: readonly PlanRow[], decisions: Decisions): PlanOutcome {
  let runCount = 0;
  let undecidedCount = 0;
  let badCount = 0;
  let bytesToSend = 0;
  for (const row of rows) {
    const decision = decisions.get(row.rowId);
    const isConflict = row.state.kind === 'conflict';
    if (isConflict && decision === undefined) undecidedCount += 1;
    if (isConflict && decisionProblem(decision) !== undefined) badCount += 1;
    const runs = row.state.kind === 'ready' || (isConflict && decision !== undefined && decision.kind !== 'skip');
    if (!runs) continue;
    runCount += 1;
    bytesToSend += row.bytesToSend;
  }
  return { runCount, undecidedCount, badCount, bytesToSend };
}

function count(number: number, one: string): string {
  return `${formatCount(number)} ${number === 1 ? one : `${one}s`}`;
}

/** Whether a plan can be started, and the reason why not. */
export function startRefusal(plan: Plan, decisions: Decisions): string | undefined {
  if (plan.error !== undefined) return 'The plan is not whole';
  if (plan.planId === undefined) return 'The plan is still being made';
  if (plan.rows.length === 0) return 'There is nothing to copy';
  const { undecidedCount, badCount, runCount } = outcomeOf(plan.rows, decisions);
  if (undecidedCount > 0)
    return `${count(undecidedCount, 'conflict')} ${undecidedCount === 1 ? 'needs' : 'need'} a decision`;
  if (badCount > 0) return `${count(badCount, 'new tag')} cannot be used`;
  if (runCount > 0) return undefined;
  return plan.rows.every(({ state }) => state.kind === 'failed') ? 'No row can be copied' : 'Nothing is left to send';
}

/** What will happen, for the foot of the plan. */
export function outcomeText(plan: Plan, decisions: Decisions): string {
  const { runCount, bytesToSend } = outcomeOf(plan.rows, decisions);
  const failed = plan.totals?.failedCount ?? 0;
  const out = failed === 0 ? '' : `, ${count(failed, 'row')} left out with an error`;
  return `${count(runCount, 'image')}, ${formatBytes(bytesToSend)} to send${out}`;
}

/** Only decisions on conflicts that are there, and none that cannot be used, cross the wire. */
export function decisionsToSend(rows: readonly PlanRow[], decisions: Decisions): Record<string, RowDecision> {
  const pairs = conflictsOf(rows).flatMap(({ row }) => {
    const decision = decisions.get(row.rowId);
    return decision === undefined || decisionProblem(decision) !== undefined ? [] : [[row.rowId, decision] as const];
  });
  return Object.fromEntries(pairs);
}
