import type { TransferRow } from '#shared/api/transfers.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { decisionProblem, type Decisions } from '../../lib/plan-table.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useDecideTransfer } from '../../queries/transfers.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';

export type ConflictBarProps = {
  readonly transferId: string;
  readonly conflicts: readonly TransferRow[];
  readonly decisions: Decisions;
  readonly onDecideAll: (decisions: Decisions) => void;
};

/** One decision for all, and the way on once some are made. */
export function ConflictBar({ transferId, conflicts, decisions, onDecideAll }: ConflictBarProps) {
  const decide = useDecideTransfer();
  const made = conflicts.flatMap(({ rowId }) => {
    const decision = decisions.get(rowId);
    return decision === undefined || decisionProblem(decision) !== undefined ? [] : [[rowId, decision] as const];
  });
  const all = (kind: 'skip' | 'overwrite') => () => {
    onDecideAll(new Map([...decisions, ...conflicts.map(({ rowId }) => [rowId, { kind }] as const)]));
  };
  const count = conflicts.length;
  return (
    <>
      <Banner
        tone="warning"
        actions={
          <>
            <Button size="sm" onClick={all('skip')}>
              Skip all
            </Button>
            <Button size="sm" onClick={all('overwrite')}>
              Overwrite all
            </Button>
            <Button
              size="sm"
              variant="primary"
              busy={decide.isPending}
              aria-disabled={made.length === 0 || undefined}
              onClick={() => {
                if (made.length > 0) decide.mutate({ transferId, decisions: Object.fromEntries(made) });
              }}
            >
              Go on
            </Button>
          </>
        }
      >
        {count === 1 ? 'A tag was' : `${formatCount(count)} tags were`} changed by somebody else while this ran. Nothing
        has been overwritten.
      </Banner>
      {decide.error !== null && <ErrorState compact error={appErrorOf(decide.error)} />}
    </>
  );
}
