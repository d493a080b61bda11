import type { AppError } from '#shared/api/app-error.ts';
import type { ConnectionStep } from '#shared/api/registries.ts';
import { useId, useState, type ReactNode } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import { errorDetails, isCertificateLine } from '../../lib/error-details.ts';
import { STATE_WORDS, stepTime } from '../../lib/connection-report.ts';
import { CertificateChain } from '../../ui/certificate-chain.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ChevronRightIcon, ErrorIcon, PendingIcon, SkippedIcon, SuccessIcon, WarningIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ExchangeView } from './exchange-view.tsx';
import css from './ladder.module.css';

export type RungProps = {
  readonly label: string;
  /** Undefined before the test has come to it. */
  readonly step: ConnectionStep | undefined;
  /** What to do about its error. */
  readonly mend: (error: AppError) => ReactNode;
};

function StateIcon({ state }: { readonly state: ConnectionStep['state'] | undefined }) {
  if (state === undefined) return <PendingIcon size={16} aria-label="not reached" className={css['faint']} />;
  if (state === 'running') return <Spinner size={16} label="running" />;
  if (state === 'ok') return <SuccessIcon size={16} aria-label={STATE_WORDS.ok} className={css['ok']} />;
  if (state === 'warning') return <WarningIcon size={16} aria-label={STATE_WORDS.warning} className={css['warning']} />;
  if (state === 'failed') return <ErrorIcon size={16} aria-label={STATE_WORDS.failed} className={css['failed']} />;
  return <SkippedIcon size={16} aria-label={STATE_WORDS.skipped} className={css['faint']} />;
}

function Line({ label, step }: Pick<RungProps, 'label' | 'step'>) {
  return (
    <>
      <StateIcon state={step?.state} />
      <span className={css['name']}>{label}</span>
      <span className={css['detail']}>
        {/* What went wrong stands below in words; the engine's own are behind the rung. */}
        <SafeText text={step === undefined || step.error !== undefined ? '' : step.detail} />
      </span>
      <span className={css['time']}>{step?.durationMs === undefined ? '' : stepTime(step.durationMs)}</span>
    </>
  );
}

function ErrorLines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <div className={css['lines']}>
      <div>
        {lines.map((line) => (
          <div key={line}>
            <SafeText text={line} />
          </div>
        ))}
      </div>
      <CopyButton isSafe text={lines.map((line) => displayText(line)).join('\n')} what="details" />
    </div>
  );
}

function Inside({ step }: { readonly step: ConnectionStep }) {
  const { exchanges = [], certificates = [] } = step;
  const keyed = exchanges.map((exchange, index) => ({ exchange, key: String(index) }));
  const all = step.error === undefined ? [] : errorDetails(step.error);
  // The certificates stand below in a form that can be read.
  const said = certificates.length === 0 ? all : all.filter((line) => !isCertificateLine(line));
  return (
    <>
      {said.length > 0 && <ErrorLines lines={said} />}
      {certificates.length > 0 && <CertificateChain certificates={certificates} />}
      {keyed.map(({ exchange, key }) => (
        <ExchangeView key={key} exchange={exchange} />
      ))}
    </>
  );
}

type MoreProps = {
  readonly label: string;
  readonly step: ConnectionStep;
  /** Stands between the line and what is behind it. */
  readonly children: ReactNode;
};

function More({ label, step, children }: MoreProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={css['line']}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Line label={label} step={step} />
        <ChevronRightIcon size={14} aria-hidden className={css['chevron']} />
      </button>
      {children}
      <div id={id} className={css['inside']} hidden={!open}>
        {open && <Inside step={step} />}
      </div>
    </>
  );
}

function hasMore({ exchanges = [], certificates = [], error }: ConnectionStep): boolean {
  return exchanges.length + certificates.length > 0 || (error !== undefined && errorDetails(error).length > 0);
}

/** One rung: a line, what went wrong in words, and behind it what was sent and shown. */
export function Rung({ label, step, mend }: RungProps) {
  const error = step?.error !== undefined && <div className={css['error']}>{mend(step.error)}</div>;
  return (
    <li className={css['rung']} data-state={step?.state ?? 'pending'}>
      {step !== undefined && hasMore(step) ? (
        <More label={label} step={step}>
          {error}
        </More>
      ) : (
        <>
          <div className={css['line']}>
            <Line label={label} step={step} />
          </div>
          {error}
        </>
      )}
    </li>
  );
}
