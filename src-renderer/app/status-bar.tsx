import { Link } from 'react-router';
import { formatBytes } from '../lib/format-bytes.ts';
import { transfersPath } from '../lib/paths.ts';
import { useHostInfo } from '../queries/host.ts';
import { useSelection } from '../state/selection.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorIcon, LocalRegistryIcon, TransfersIcon, UnlockedIcon } from '../ui/icons.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { RegistryHealthStatus } from './registry-health.tsx';
import css from './window.module.css';

function Totals() {
  const totals = useSelection((state) => state.totals);
  if (totals === undefined || totals.count === 0) return null;
  const size = totals.bytes === undefined ? '' : ` · ${formatBytes(totals.bytes)}`;
  return (
    <span aria-live="polite">
      {totals.count} {totals.what} selected{size}
    </span>
  );
}

function CredentialStore() {
  const store = useHostInfo().data?.credentialStore;
  if (store === undefined || store.kind === 'keychain') return null;
  return (
    <Tooltip side="top" content={store.reason}>
      <button type="button" className={css['statusNote']}>
        <UnlockedIcon size={12} aria-hidden />
        Secrets in memory only
      </button>
    </Tooltip>
  );
}

/** Loud enough to be seen after a start that lost the list of registries; the old file is kept, and this says where. */
function DatabaseReset() {
  const notice = useHostInfo().data?.notices.find(({ kind }) => kind === 'database-reset');
  if (notice === undefined) return null;
  return (
    <Tooltip side="top" content={`The list of registries could not be read. The old file is kept: ${notice.detail}`}>
      <button type="button" className={css['statusNote']}>
        <ErrorIcon size={12} aria-hidden />
        Registries and settings began anew
      </button>
    </Tooltip>
  );
}

function LocalRegistry() {
  const local = useHostInfo().data?.localRegistry;
  if (local === undefined) return null;
  if (local.state === 'failed') {
    return (
      <Tooltip side="top" content={local.reason}>
        <button type="button" className={css['statusNote']}>
          <ErrorIcon size={12} aria-hidden />
          Local registry does not run
        </button>
      </Tooltip>
    );
  }
  return (
    <span className={css['statusItem']}>
      <LocalRegistryIcon size={12} aria-hidden />
      Local registry at {local.address}
      <CopyButton text={local.address} what="address of the Local registry" />
    </span>
  );
}

export type StatusBarProps = {
  /** The way to the transfers, while nothing else in sight leads there. */
  readonly hasTransfersLink: boolean;
};

/** Facts about the whole window: what is selected, where secrets are kept, where to push. */
export function StatusBar({ hasTransfersLink }: StatusBarProps) {
  return (
    <div className={css['statusBar']}>
      {hasTransfersLink && (
        <Link to={transfersPath()} className={css['statusLink']}>
          <TransfersIcon size={12} aria-hidden />
          Transfers
        </Link>
      )}
      <Totals />
      <span className={css['grow']} />
      <RegistryHealthStatus />
      <DatabaseReset />
      <CredentialStore />
      <LocalRegistry />
    </div>
  );
}
