import type { AppError } from '#shared/api/app-error.ts';
import type { CertificateInfo } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { errorDetails, isCertificateLine } from '../lib/error-details.ts';
import { errorText, type ErrorAction, type ErrorActions, type ErrorText } from '../lib/error-text.ts';
import { Button } from './button.tsx';
import { CertificateChain } from './certificate-chain.tsx';
import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';
import { ErrorIcon } from './icons.ts';
import { SafeText } from './safe-text.tsx';
import css from './state.module.css';

export type ErrorStateProps = {
  readonly error: AppError;
  /** What can be done about it here; only the action that mends this error, and `retry`, are offered. */
  readonly actions?: ErrorActions;
  /** One line, for a cell or a small panel. */
  readonly compact?: boolean;
};

const LABELS: Readonly<Record<ErrorAction, string>> = {
  'sign-in': 'Sign in…',
  retry: 'Try again',
  'edit-connection': 'Edit connection…',
  'use-plain-http': 'Use plain HTTP…',
  'skip-verification': 'Skip verification…',
  'add-authority': 'Add its authority…',
  'set-client-certificate': 'Client certificate…',
  'trust-host': 'Trust…',
  'allow-upload-host': 'Allow uploads there…',
  pin: 'Pin a repository…',
};

function labelOf(name: ErrorAction, error: AppError): string {
  if (name === 'trust-host' && error.kind === 'untrusted-host') return `Trust ${displayText(error.host)}…`;
  if (name === 'use-plain-http' && error.kind === 'plaintext-auth') return 'Allow plain HTTP…';
  return LABELS[name];
}

type DetailsProps = { readonly lines: readonly string[]; readonly certificates: readonly CertificateInfo[] };

function Details({ lines, certificates }: DetailsProps) {
  // The certificates stand below in a form that can be read; who copies the details has them too.
  const said = certificates.length === 0 ? lines : lines.filter((line) => !isCertificateLine(line));
  return (
    <details className={css['details']}>
      <summary>Details</summary>
      <div className={css['detailsBody']}>
        <div className={css['lines']}>
          {said.map((line) => (
            <div key={line}>
              <SafeText text={line} />
            </div>
          ))}
        </div>
        <CopyButton isSafe text={lines.map((line) => displayText(line)).join('\n')} what="details" />
      </div>
      {certificates.length > 0 && (
        <div className={css['certificates']}>
          <CertificateChain certificates={certificates} />
        </div>
      )}
    </details>
  );
}

type MendProps = {
  readonly error: AppError;
  readonly text: ErrorText;
  readonly actions: ErrorActions | undefined;
  readonly compact: boolean;
};

function Mend({ error, text, actions, compact }: MendProps) {
  const offered = new Set<ErrorAction | undefined>(['retry', text.orElse, text.action]);
  const buttons = [...offered].flatMap((name) => {
    const onClick = name === undefined ? undefined : actions?.[name];
    if (name === undefined || onClick === undefined) return [];
    return [{ name, onClick, isMain: name === text.action && name !== 'retry' && !compact }];
  });
  if (buttons.length === 0) return null;
  return (
    <div className={compact ? css['inlineActions'] : css['actions']}>
      {buttons.map(({ name, onClick, isMain }) => (
        <Button
          key={name}
          size={compact ? 'sm' : 'md'}
          variant={isMain ? 'primary' : 'secondary'}
          onClick={() => {
            onClick(error);
          }}
        >
          {labelOf(name, error)}
        </Button>
      ))}
    </div>
  );
}

/** What went wrong, the way on, and the details for whoever runs the registry. `cancelled` shows nothing. */
export function ErrorState({ error, actions, compact = false }: ErrorStateProps) {
  if (error.kind === 'cancelled') return null;
  const text = errorText(error);
  const details = compact ? [] : errorDetails(error);
  const certificates = error.kind === 'tls' ? (error.certificates ?? []) : [];
  return (
    <div className={cx(css['state'], compact && css['inline'])} role="alert">
      <ErrorIcon size={compact ? 16 : 24} aria-hidden className={css['errorIcon']} />
      <div className={css['words']}>
        <p className={css['title']}>
          <SafeText text={text.title} />
        </p>
        <p className={css['detail']}>
          <SafeText text={text.detail} />
        </p>
      </div>
      <Mend error={error} text={text} actions={actions} compact={compact} />
      {details.length > 0 && <Details lines={details} certificates={certificates} />}
    </div>
  );
}
