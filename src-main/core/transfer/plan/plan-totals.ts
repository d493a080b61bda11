import type { PlannedRow } from './plan-types.ts';

export type PlanTotals = {
  readonly rowCount: number;
  readonly bytesTotal: number;
  readonly bytesToSend: number;
  readonly bytesPresent: number;
  readonly bytesMountable: number;
  readonly readyCount: number;
  readonly upToDateCount: number;
  readonly conflictCount: number;
  readonly skippedCount: number;
  readonly failedCount: number;
};

const COUNTS = {
  ready: 'readyCount',
  'up-to-date': 'upToDateCount',
  conflict: 'conflictCount',
  skipped: 'skippedCount',
  failed: 'failedCount',
} as const;

export const NO_TOTALS: PlanTotals = {
  rowCount: 0,
  bytesTotal: 0,
  bytesToSend: 0,
  bytesPresent: 0,
  bytesMountable: 0,
  readyCount: 0,
  upToDateCount: 0,
  conflictCount: 0,
  skippedCount: 0,
  failedCount: 0,
};

/** The totals with one more row. */
export function addRow(totals: PlanTotals, row: PlannedRow): PlanTotals {
  const count = COUNTS[row.state.kind];
  return {
    ...totals,
    rowCount: totals.rowCount + 1,
    bytesTotal: totals.bytesTotal + row.bytesTotal,
    bytesToSend: totals.bytesToSend + row.bytesToSend,
    bytesPresent: totals.bytesPresent + row.bytesPresent,
    bytesMountable: totals.bytesMountable + row.bytesMountable,
    [count]: totals[count] + 1,
  };
}
