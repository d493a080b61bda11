import { formatCount } from '../../lib/format-bytes.ts';
import type { Plan } from '../../lib/plan-table.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import css from './plan.module.css';

export type PlanProgressProps = { readonly plan: Plan; readonly onStop: () => void };

function progressText({ rows, expectedCount, isCounted }: Plan): string {
  if (expectedCount === 0) return 'Listing what there is…';
  const of = isCounted ? formatCount(expectedCount) : `${formatCount(expectedCount)} found so far`;
  return `${formatCount(rows.length)} of ${of} looked at`;
}

/** How far the plan has come, and the way to stop it. */
export function PlanProgress({ plan, onStop }: PlanProgressProps) {
  const text = progressText(plan);
  const share = plan.isCounted && plan.expectedCount > 0 ? plan.rows.length / plan.expectedCount : undefined;
  return (
    <div className={css['progress']}>
      <span role="status">{text}</span>
      <ProgressBar label="Planning" share={share} text={text} />
      <Button size="sm" onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}
