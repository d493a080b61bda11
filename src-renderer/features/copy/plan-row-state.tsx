import type { PlanRow, RowDecision } from '#shared/api/transfers.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { assertNever } from '../../lib/assert-never.ts';
import { errorText } from '../../lib/error-text.ts';
import { ConflictChoice } from '../../ui/conflict-choice.tsx';
import { ErrorIcon, SkippedIcon, SuccessIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './plan.module.css';

const SKIPPED = { 'missing-only': 'Skipped: the tag is there', conflict: 'Skipped: the tag holds another' } as const;

export type PlanRowStateProps = {
  readonly row: PlanRow;
  readonly decision: RowDecision | undefined;
  readonly onDecide: (rowId: string, decision: RowDecision | undefined) => void;
};

/** What will happen to a row; in a conflict, what shall happen. */
export function PlanRowState({ row, decision, onDecide }: PlanRowStateProps) {
  const { state, bytesToSend } = row;
  switch (state.kind) {
    case 'ready':
      return <span>{bytesToSend === 0 ? 'Copy, nothing to send' : 'Copy'}</span>;
    case 'up-to-date':
      return (
        <span className={css['quiet']}>
          <SuccessIcon size={14} aria-hidden />
          Up to date
        </span>
      );
    case 'skipped':
      return (
        <span className={css['quiet']}>
          <SkippedIcon size={14} aria-hidden />
          {SKIPPED[state.reason]}
        </span>
      );
    case 'failed': {
      const { title, detail } = errorText(state.error);
      return (
        <span className={css['bad']} title={displayText(detail)}>
          <ErrorIcon size={14} aria-hidden />
          <SafeText text={title} />
        </span>
      );
    }
    case 'conflict':
      return (
        <ConflictChoice
          label={`${displayText(row.destination)} holds something else`}
          undecided="Conflict: decide…"
          freeTag={state.renameTo}
          decision={decision}
          onDecide={(next) => {
            onDecide(row.rowId, next);
          }}
        />
      );
    default:
      return assertNever(state);
  }
}
