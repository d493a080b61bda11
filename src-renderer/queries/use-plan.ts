import type { PlanInput } from '#shared/api/transfers.ts';
import { useEffect, useState } from 'react';
import { api } from '../host/index.ts';
import { applyPlanEvent, NO_PLAN, type Plan } from '../lib/plan-table.ts';
import { appErrorOf } from './app-error.ts';

/** The table is drawn anew at most this often while rows stream in. */
const FLUSH_MS = 120;

/** Reads a plan to its end; `show` gets it now and then, and once more when it has ended, whichever way. */
async function readPlan(input: PlanInput, signal: AbortSignal, show: (plan: Plan) => void): Promise<void> {
  let plan = NO_PLAN;
  let shown = plan;
  const flush = () => {
    if (plan !== shown && !signal.aborted) show(plan);
    shown = plan;
  };
  const timer = setInterval(flush, FLUSH_MS);
  try {
    for await (const event of await api.transfers.plan(input, { signal })) plan = applyPlanEvent(plan, event);
  } catch (error) {
    plan = { ...plan, error: appErrorOf(error) };
  } finally {
    clearInterval(timer);
  }
  flush();
}

export type PlanState = {
  readonly plan: Plan;
  readonly isRunning: boolean;
  /** Makes it anew: the sources and the destination are looked at again. */
  readonly again: () => void;
  /** Stops it where it is; what has come stays on screen, and cannot be started. */
  readonly stop: () => void;
};

type Asked = { readonly input: PlanInput | undefined; readonly round: number };

/** A plan, while `input` is given. It is stopped when nobody looks any more. `input` must keep its identity. */
export function usePlan(input: PlanInput | undefined): PlanState {
  const [round, setRound] = useState(0);
  const [read, setRead] = useState<Asked & { readonly plan: Plan }>({ input: undefined, round: 0, plan: NO_PLAN });
  const [stopped, setStopped] = useState<Asked>();
  const isStopped = stopped?.input === input && stopped?.round === round;
  useEffect(() => {
    if (input === undefined || isStopped) return undefined;
    const controller = new AbortController();
    void readPlan(input, controller.signal, (plan) => {
      setRead({ input, round, plan });
    });
    return () => {
      controller.abort();
    };
  }, [input, round, isStopped]);
  const isOfNow = read.input === input && read.round === round;
  const plan = isOfNow ? read.plan : NO_PLAN;
  const isOver = plan.planId !== undefined || plan.error !== undefined;
  return {
    plan,
    isRunning: input !== undefined && !isOver && !isStopped,
    again: () => {
      setRound(round + 1);
    },
    stop: () => {
      setStopped({ input, round });
    },
  };
}
