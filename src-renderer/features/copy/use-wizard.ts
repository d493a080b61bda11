import type { PlanInput } from '#shared/api/transfers.ts';
import { useState } from 'react';
import { NO_DECISIONS, decisionsToSend, startRefusal, type Decisions } from '../../lib/plan-table.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useStartTransfer } from '../../queries/transfers.ts';
import { usePlan } from '../../queries/use-plan.ts';
import { useTransfersView } from '../../state/transfers-view.ts';
import { announce } from '../../ui/announcer.tsx';

export type WizardStep = 'choose' | 'plan';

/** What the wizards share: the plan, the decisions on it, and the start. */
export function useWizard(first: PlanInput | undefined, onStarted: (input: PlanInput) => void) {
  const [input, setInput] = useState(first);
  const [decisions, setDecisions] = useState<Decisions>(NO_DECISIONS);
  const state = usePlan(input);
  const start = useStartTransfer();
  const openDock = useTransfersView((view) => view.openDock);
  const { plan } = state;
  const step: WizardStep = input === undefined ? 'choose' : 'plan';
  const refusal = startRefusal(plan, decisions);
  return {
    ...state,
    step,
    decisions,
    decide: setDecisions,
    refusal,
    isStarting: start.isPending,
    startError: start.error === null ? undefined : appErrorOf(start.error),
    makePlan: (next: PlanInput) => {
      start.reset();
      setDecisions(NO_DECISIONS);
      setInput(next);
    },
    back: () => {
      start.reset();
      setInput(undefined);
    },
    again: () => {
      start.reset();
      setDecisions(NO_DECISIONS);
      state.again();
    },
    start: () => {
      const { planId } = plan;
      if (planId === undefined || refusal !== undefined || input === undefined) return;
      start.mutate(
        { planId, decisions: decisionsToSend(plan.rows, decisions) },
        {
          onSuccess: () => {
            announce('Started. Its progress is in Transfers, at the foot of the window');
            openDock();
            onStarted(input);
          },
        },
      );
    },
  };
}

export type Wizard = ReturnType<typeof useWizard>;
