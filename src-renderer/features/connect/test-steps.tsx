import { useEffect, useRef } from 'react';
import type { ConnectionStep } from '#shared/api/registries.ts';
import type { ErrorAction } from '../../lib/error-text.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { ErrorIcon, PendingIcon, SkippedIcon, SuccessIcon, WarningIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import type { ConnectionTest } from './use-connection-test.ts';
import css from './connect.module.css';

export type TestStepsProps = {
  readonly test: ConnectionTest;
  readonly actions: Partial<Readonly<Record<ErrorAction, () => void>>>;
};

const RUNGS: ReadonlyArray<readonly [step: ConnectionStep['step'], name: string]> = [
  ['address', 'Address'],
  ['connect', 'Connection'],
  ['ping', 'Registry protocol'],
  ['challenge', 'Sign-in method'],
  ['credential', 'Credential'],
  ['token', 'Token'],
  ['scopes', 'Scopes'],
  ['call', 'First call'],
];

const WORDS = { running: 'running', ok: 'passed', warning: 'warning', failed: 'failed', skipped: 'skipped' } as const;

function StateIcon({ state }: { readonly state: ConnectionStep['state'] | undefined }) {
  if (state === undefined) return <PendingIcon size={16} aria-label="not reached" className={css['faint']} />;
  if (state === 'running') return <Spinner size={16} label="running" />;
  if (state === 'ok') return <SuccessIcon size={16} aria-label={WORDS.ok} className={css['ok']} />;
  if (state === 'warning') return <WarningIcon size={16} aria-label={WORDS.warning} className={css['warning']} />;
  if (state === 'failed') return <ErrorIcon size={16} aria-label={WORDS.failed} className={css['failed']} />;
  return <SkippedIcon size={16} aria-label={WORDS.skipped} className={css['faint']} />;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A ladder that has ended is brought into view: the rung that broke must not lie below the fold of the dialog. */
function useEndInView(state: ConnectionTest['state']): React.RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (state === 'idle') return;
    const broken = ref.current?.querySelector('[data-state="failed"]');
    (broken ?? ref.current)?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  return ref;
}

/** The connection as a ladder: each rung with its result, how long it took, and the way on where it broke. */
export function TestSteps({ test, actions }: TestStepsProps) {
  const end = useEndInView(test.state);
  if (test.state === 'idle') return null;
  return (
    <section
      ref={end}
      aria-label="Connection test"
      aria-live="polite"
      aria-busy={test.state === 'running'}
      className={css['test']}
    >
      <ol className={css['steps']}>
        {RUNGS.map(([name, label]) => {
          const step = test.steps.find((candidate) => candidate.step === name);
          return (
            <li key={name} className={css['step']} data-state={step?.state ?? 'pending'}>
              <StateIcon state={step?.state} />
              <span className={css['stepName']}>{label}</span>
              <span className={css['stepDetail']}>
                <SafeText text={step?.detail ?? ''} />
              </span>
              <span className={css['stepTime']}>{step?.durationMs === undefined ? '' : duration(step.durationMs)}</span>
              {step?.error !== undefined && (
                <div className={css['stepError']}>
                  <ErrorState compact error={step.error} actions={actions} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {test.error !== undefined && <ErrorState compact error={test.error} actions={actions} />}
    </section>
  );
}
