import { useState } from 'react';
import { filterPlan, type PlanFilter } from '../../lib/plan-table.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { PlanIcon } from '../../ui/icons.ts';
import { PlanDetails } from './plan-details.tsx';
import { PlanProgress } from './plan-progress.tsx';
import { PlanTable } from './plan-table.tsx';
import { PlanToolbar } from './plan-toolbar.tsx';
import { PlanTotals } from './plan-totals.tsx';
import type { Wizard } from './use-wizard.ts';

export type PlanStepProps = {
  readonly wizard: Wizard;
  /** Whose connection can be mended when the plan fails; none where no registry is involved. */
  readonly registryId: string;
};

/** What would happen, before anything does: every row with its bytes, its conflict or its error. */
export function PlanStep({ wizard, registryId }: PlanStepProps) {
  const { plan, isRunning, decisions, decide } = wizard;
  const [filter, setFilter] = useState<PlanFilter>('all');
  const [openId, setOpenId] = useState<string>();
  const actions = useErrorActions(registryId, wizard.again);
  const rows = filterPlan(plan.rows, filter);
  const opened = plan.rows.find(({ rowId }) => rowId === openId);
  const isStopped = !isRunning && plan.planId === undefined && plan.error === undefined;
  return (
    <>
      <PlanTotals totals={plan.totals} />
      {isRunning && <PlanProgress plan={plan} onStop={wizard.stop} />}
      {isStopped && (
        <Banner
          actions={
            <Button size="sm" onClick={wizard.again}>
              Plan again
            </Button>
          }
        >
          The plan was stopped before it was whole, so it cannot be started.
        </Banner>
      )}
      {plan.error !== undefined && <ErrorState compact error={plan.error} actions={actions} />}
      {wizard.startError !== undefined && (
        <ErrorState compact error={wizard.startError} actions={{ retry: wizard.again }} />
      )}
      <PlanToolbar plan={plan} filter={filter} onFilter={setFilter} decisions={decisions} onDecide={decide} />
      {plan.planId !== undefined && plan.rows.length === 0 ? (
        <EmptyState icon={PlanIcon} title="There is nothing to copy">
          No tag passes the filter. Go back and widen it.
        </EmptyState>
      ) : (
        <PlanTable rows={rows} decisions={decisions} onDecide={decide} openId={openId} onOpen={setOpenId} />
      )}
      {opened !== undefined && (
        <PlanDetails
          row={opened}
          onClose={() => {
            setOpenId(undefined);
          }}
        />
      )}
    </>
  );
}
