import type { RowDecision } from '#shared/api/transfers.ts';
import { decisionProblem } from '../lib/plan-table.ts';
import { cx } from './cx.ts';
import css from './conflict-choice.module.css';
import { Select } from './select.tsx';

export type ConflictChoiceProps = {
  /** Plain text: what the choice is about, for those who cannot see its row. */
  readonly label: string;
  /** Shown until somebody has decided. */
  readonly undecided: string;
  readonly decision: RowDecision | undefined;
  readonly onDecide: (decision: RowDecision | undefined) => void;
  /** A tag that is free, where one is known. */
  readonly freeTag?: string | undefined;
};

/** What shall happen to a tag that holds something else: nothing, the new content, or the new content under another tag. */
export function ConflictChoice({ label, undecided, decision, onDecide, freeTag = '' }: ConflictChoiceProps) {
  const problem = decisionProblem(decision);
  return (
    <span className={css['conflict']}>
      <Select
        label={label}
        className={cx(decision === undefined && css['undecided'])}
        value={decision?.kind ?? 'none'}
        options={[
          { value: 'none', label: undecided },
          { value: 'skip', label: 'Skip' },
          { value: 'overwrite', label: 'Overwrite' },
          { value: 'rename', label: 'Rename' },
        ]}
        onChange={(kind) => {
          if (kind === 'none') onDecide(undefined);
          else onDecide(kind === 'rename' ? { kind, tag: freeTag } : { kind });
        }}
      />
      {decision?.kind === 'rename' && (
        <input
          aria-label={`${label}: new tag`}
          aria-invalid={problem !== undefined}
          title={problem}
          placeholder="tag"
          className={css['tag']}
          spellCheck={false}
          autoComplete="off"
          maxLength={128}
          value={decision.tag}
          onChange={(event) => {
            onDecide({ kind: 'rename', tag: event.target.value.trim() });
          }}
        />
      )}
    </span>
  );
}
