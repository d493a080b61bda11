import type { RowDecision } from '#shared/api/transfers.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import {
  decideAll,
  filterPlan,
  sharedDecision,
  type Decisions,
  type Plan,
  type PlanFilter,
} from '../../lib/plan-table.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Button } from '../../ui/button.tsx';
import css from './plan.module.css';

export type PlanToolbarProps = {
  readonly plan: Plan;
  readonly filter: PlanFilter;
  readonly onFilter: (filter: PlanFilter) => void;
  readonly decisions: Decisions;
  readonly onDecide: (decisions: Decisions) => void;
};

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'send', label: 'To send' },
  { value: 'conflict', label: 'Conflicts' },
  { value: 'failed', label: 'Failed' },
] as const;

const ALL = [
  { kind: 'skip', label: 'Skip' },
  { kind: 'overwrite', label: 'Overwrite' },
  { kind: 'rename', label: 'Rename' },
] as const satisfies ReadonlyArray<{ readonly kind: RowDecision['kind']; readonly label: string }>;

/** Which rows are shown, and one decision for all conflicts. */
export function PlanToolbar({ plan, filter, onFilter, decisions, onDecide }: PlanToolbarProps) {
  const options = FILTERS.flatMap(({ value, label }) => {
    const count = filterPlan(plan.rows, value).length;
    return count === 0 && value !== 'all' && value !== filter
      ? []
      : [{ value, label: `${label} ${formatCount(count)}` }];
  });
  const hasConflicts = plan.rows.some(({ state }) => state.kind === 'conflict');
  const shared = sharedDecision(plan.rows, decisions);
  return (
    <div className={css['toolbar']}>
      <Segmented label="Rows shown" value={filter} options={options} onChange={onFilter} />
      {hasConflicts && (
        <div role="group" aria-label="Every conflict" className={css['allConflicts']}>
          <span aria-hidden>Every conflict:</span>
          {ALL.map(({ kind, label }) => (
            <Button
              key={kind}
              size="sm"
              aria-pressed={shared === kind}
              className={css['toggle']}
              onClick={() => {
                onDecide(decideAll(plan.rows, decisions, kind));
              }}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
