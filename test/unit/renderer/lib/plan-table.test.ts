import { describe, expect, test } from 'vitest';
import type { PlanEvent, PlanRow, PlanTotals, RowDecision } from '#shared/api/transfers.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import {
  applyPlanEvent,
  decideAll,
  decisionProblem,
  decisionsToSend,
  filterPlan,
  NO_DECISIONS,
  NO_PLAN,
  outcomeOf,
  outcomeText,
  sharedDecision,
  startRefusal,
  type Plan,
} from '#renderer/lib/plan-table.ts';

const DIGEST = parseDigest(`sha256:${'ab'.repeat(32)}`);
type State = PlanRow['state'];

const ready: State = { kind: 'ready' };
const conflict = (renameTo?: string): State => ({ kind: 'conflict', existingDigest: DIGEST, renameTo });
const failed: State = { kind: 'failed', error: { kind: 'cancelled' } };

function row(rowId: string, state: State, bytesToSend = 10): PlanRow {
  return {
    rowId,
    source: `src:${rowId}`,
    destination: `dst:${rowId}`,
    platforms: [],
    manifestCount: 1,
    referrerCount: 0,
    bytesTotal: bytesToSend,
    bytesToSend,
    bytesPresent: 0,
    bytesMountable: 0,
    foreignLayerCount: 0,
    state,
  };
}

function totals(failedCount = 0): PlanTotals {
  const bytes = { bytesTotal: 0, bytesToSend: 0, bytesPresent: 0, bytesMountable: 0 };
  const counts = { readyCount: 0, upToDateCount: 0, conflictCount: 0, skippedCount: 0 };
  return { rowCount: 0, ...bytes, ...counts, failedCount };
}

function planOf(rows: readonly PlanRow[], failedCount = 0): Plan {
  const events: readonly PlanEvent[] = [
    { kind: 'expanded', rowCount: rows.length, isWhole: true },
    { kind: 'rows', rows: [...rows], totals: totals(failedCount) },
    { kind: 'done', planId: 'p', totals: totals(failedCount) },
  ];
  return events.reduce(applyPlanEvent, NO_PLAN);
}

describe('applyPlanEvent', () => {
  test('adds rows at the end while they arrive, and puts them in order once all are there', () => {
    let plan = applyPlanEvent(NO_PLAN, { kind: 'expanded', rowCount: 3, isWhole: false });
    plan = applyPlanEvent(plan, { kind: 'rows', rows: [row('10', ready)], totals: totals() });
    plan = applyPlanEvent(plan, { kind: 'rows', rows: [row('9', ready), row('1', ready)], totals: totals() });
    expect(plan.rows.map(({ rowId }) => rowId)).toEqual(['10', '9', '1']);
    expect([plan.expectedCount, plan.isCounted, plan.planId]).toEqual([3, false, undefined]);
    plan = applyPlanEvent(plan, { kind: 'done', planId: 'p', totals: totals() });
    expect(plan.rows.map(({ rowId }) => rowId)).toEqual(['1', '9', '10']);
    expect([plan.isCounted, plan.planId]).toEqual([true, 'p']);
  });
});

describe('filterPlan', () => {
  const rows = [row('a', ready), row('b', conflict()), row('c', failed), row('d', { kind: 'up-to-date' })];

  test.each([
    ['all', ['a', 'b', 'c', 'd']],
    ['send', ['a']],
    ['conflict', ['b']],
    ['failed', ['c']],
  ] as const)('%s', (filter, ids) => {
    expect(filterPlan(rows, filter).map(({ rowId }) => rowId)).toEqual(ids);
  });
});

describe('decisions', () => {
  const rows = [row('a', ready), row('b', conflict('1-2')), row('c', conflict())];

  test('one for all touches conflicts only', () => {
    expect([...decideAll(rows, NO_DECISIONS, 'skip')]).toEqual([
      ['b', { kind: 'skip' }],
      ['c', { kind: 'skip' }],
    ]);
  });

  test('a rename of all takes the free tags there are, and leaves a row without one as it is', () => {
    const before = decideAll(rows, NO_DECISIONS, 'overwrite');
    expect([...decideAll(rows, before, 'rename')]).toEqual([
      ['b', { kind: 'rename', tag: '1-2' }],
      ['c', { kind: 'overwrite' }],
    ]);
  });

  test('are shared only when every conflict has the same', () => {
    expect(sharedDecision(rows, NO_DECISIONS)).toBeUndefined();
    expect(sharedDecision(rows, decideAll(rows, NO_DECISIONS, 'skip'))).toBe('skip');
    expect(sharedDecision(rows, new Map([['b', { kind: 'skip' }]]))).toBeUndefined();
  });

  test('to another tag want a tag', () => {
    expect(decisionProblem({ kind: 'rename', tag: '' })).toBe('Type a tag');
    expect(decisionProblem({ kind: 'rename', tag: 'a b' })).toBe('Not a tag');
    expect(decisionProblem({ kind: 'rename', tag: 'v1' })).toBeUndefined();
    expect(decisionProblem({ kind: 'overwrite' })).toBeUndefined();
  });

  test('cross the wire only for conflicts that are there, and only when they can be used', () => {
    const decisions = new Map<string, RowDecision>([
      ['a', { kind: 'skip' }],
      ['b', { kind: 'rename', tag: 'not good' }],
      ['c', { kind: 'overwrite' }],
      ['gone', { kind: 'skip' }],
    ]);
    expect(decisionsToSend(rows, decisions)).toEqual({ c: { kind: 'overwrite' } });
  });
});

describe('outcomeOf', () => {
  test('counts what will run and what it sends, without what is skipped', () => {
    const rows = [row('a', ready, 10), row('b', conflict(), 20), row('c', conflict(), 40), row('d', failed, 80)];
    const decisions = new Map<string, RowDecision>([
      ['b', { kind: 'skip' }],
      ['c', { kind: 'overwrite' }],
    ]);
    expect(outcomeOf(rows, decisions)).toEqual({ runCount: 2, undecidedCount: 0, badCount: 0, bytesToSend: 50 });
    expect(outcomeText(planOf(rows, 1), decisions)).toBe('2 images, 50 B to send, 1 row left out with an error');
  });
});

describe('startRefusal', () => {
  const decided = new Map<string, RowDecision>([['b', { kind: 'rename', tag: '' }]]);

  test('is none for a plan with something to do', () => {
    expect(startRefusal(planOf([row('a', ready)]), NO_DECISIONS)).toBeUndefined();
  });

  test.each([
    ['while it is made', { ...NO_PLAN, rows: [row('a', ready)] }, NO_DECISIONS, 'The plan is still being made'],
    ['after an error', { ...NO_PLAN, error: { kind: 'cancelled' } as const }, NO_DECISIONS, 'The plan is not whole'],
    ['with nothing in it', planOf([]), NO_DECISIONS, 'There is nothing to copy'],
    ['with a conflict', planOf([row('b', conflict())]), NO_DECISIONS, '1 conflict needs a decision'],
    [
      'with two conflicts',
      planOf([row('b', conflict()), row('c', conflict())]),
      NO_DECISIONS,
      '2 conflicts need a decision',
    ],
    ['with a tag that is none', planOf([row('b', conflict())]), decided, '1 new tag cannot be used'],
    ['when all is there', planOf([row('a', { kind: 'up-to-date' })]), NO_DECISIONS, 'Nothing is left to send'],
    ['when all failed', planOf([row('a', failed)]), NO_DECISIONS, 'No row can be copied'],
  ])('says why %s', (_when, plan, decisions, reason) => {
    expect(startRefusal(plan, decisions)).toBe(reason);
  });
});
