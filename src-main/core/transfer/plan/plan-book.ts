import { ConflictError } from '../../gantry-error.ts';
import type { Clock } from '../../ports.ts';
import type { Plan } from './plan-types.ts';

/** Finished plans that wait to be started. */
export type PlanBook = {
  keep(plan: Plan): void;
  /** Takes it out: a plan is started once. @throws {ConflictError} when it is too old, or was never there */
  take(planId: string): Plan;
};

/** What was found at the destination is not true for longer. */
const KEEP_MS = 60 * 60_000;
/** Every wizard that is open has one; the oldest are those of pages that were closed. */
const MAX_PLANS = 8;

/** `onForgotten` is told of each plan that was not started in time. */
export function createPlanBook(
  clock: Pick<Clock, 'now'>,
  onForgotten: (plan: Plan) => void = () => undefined,
): PlanBook {
  const plans = new Map<string, { readonly plan: Plan; readonly at: number }>();
  const forgetOld = (): void => {
    const since = clock.now() - KEEP_MS;
    for (const [planId, { plan, at }] of plans) {
      if (at >= since && plans.size <= MAX_PLANS) continue;
      plans.delete(planId);
      onForgotten(plan);
    }
  };
  return {
    keep: (plan) => {
      plans.set(plan.planId, { plan, at: clock.now() });
      forgetOld();
    },
    take: (planId) => {
      forgetOld();
      const kept = plans.get(planId);
      plans.delete(planId);
      if (kept === undefined) throw new ConflictError('the plan is too old, or was started already');
      return kept.plan;
    },
  };
}
