import type { AppError } from '#shared/api/app-error.ts';
import { useEffect, useRef, type RefObject } from 'react';
import { connectionReport, RUNGS } from '../../lib/connection-report.ts';
import type { ErrorActions } from '../../lib/error-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { LADDER_ID } from './form-part.ts';
import css from './ladder.module.css';
import { Rung } from './rung.tsx';
import { TrustPrompt } from './trust-prompt.tsx';
import type { ConnectionTest } from './use-connection-test.ts';

export type LadderProps = {
  readonly test: ConnectionTest;
  readonly host: string;
  readonly actions: ErrorActions;
  /** Puts the results away. */
  readonly onDismiss: () => void;
};

/** A ladder that has ended is brought into view: the rung that broke must not lie below the fold of the dialog. */
function useEndInView(state: ConnectionTest['state']): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (state === 'idle') return;
    const broken = ref.current?.querySelector('[data-state="failed"]');
    (broken ?? ref.current)?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  return ref;
}

function wordOf({ state, steps }: ConnectionTest): string {
  if (state === 'running') return 'Testing…';
  if (steps.some((step) => step.state === 'failed')) return 'The connection does not work yet';
  return steps.some((step) => step.state === 'warning') ? 'Connected, with a warning' : 'Connected';
}

/** The connection as a ladder: each rung with its result, its time and what went over the wire. */
export function Ladder({ test, host, actions, onDismiss }: LadderProps) {
  const end = useEndInView(test.state);
  if (test.state === 'idle') return null;
  const mend = (error: AppError) =>
    error.kind === 'untrusted-host' && error.canTrust === true ? (
      <TrustPrompt
        host={error.host}
        registryHost={error.registryHost}
        onTrust={() => actions['trust-host']?.(error)}
        onCancel={onDismiss}
      />
    ) : (
      <ErrorState compact error={error} actions={actions} />
    );
  return (
    <section
      ref={end}
      id={LADDER_ID}
      tabIndex={-1}
      aria-label="Connection test"
      aria-busy={test.state === 'running'}
      className={css['ladder']}
    >
      <div className={css['head']}>
        <h3 className={css['word']} aria-live="polite">
          {wordOf(test)}
        </h3>
        {test.state === 'done' && (
          <CopyButton labelled isSafe text={connectionReport(host, test.steps)} what="report" />
        )}
      </div>
      <ol className={css['steps']}>
        {RUNGS.map(([name, label]) => (
          <Rung key={name} label={label} step={test.steps.find(({ step }) => step === name)} mend={mend} />
        ))}
      </ol>
      {test.error !== undefined && mend(test.error)}
    </section>
  );
}
