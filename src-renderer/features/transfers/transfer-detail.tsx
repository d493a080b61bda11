import type { AppError } from '#shared/api/app-error.ts';
import type { Transfer, TransferDetail as Detail } from '#shared/api/transfers.ts';
import { useState } from 'react';
import { Link } from 'react-router';
import { transfersPath } from '../../lib/paths.ts';
import { isOpen } from '../../lib/transfer-list.ts';
import { registryOfError } from '../../lib/transfer-registry.ts';
import { kindText, progressText, stateText, transferName, transferSource } from '../../lib/transfer-text.ts';
import { useRegistries } from '../../queries/registries.ts';
import { useTransferDetail } from '../../queries/use-transfer-detail.ts';
import { registryErrorActions } from '../../state/registry-actions.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { BackIcon } from '../../ui/icons.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ActionButtons } from './action-buttons.tsx';
import { BlobList } from './blob-list.tsx';
import css from './detail.module.css';
import { RowList } from './row-list.tsx';
import { StateIcon } from './state-icon.tsx';
import { TransferLog } from './transfer-log.tsx';
import shared from './transfers.module.css';
import type { TransferActions } from './use-transfer-actions.ts';

export type TransferDetailProps = { readonly transfer: Transfer; readonly actions: TransferActions };

const TABS = [
  ['rows', 'Images'],
  ['blobs', 'Blobs'],
  ['log', 'Log'],
] as const;
type DetailTab = (typeof TABS)[number][0];

/** One transfer: how far it is, each of its images and blobs, and what has happened. */
export function TransferDetail({ transfer, actions }: TransferDetailProps) {
  const detail = useTransferDetail(transfer.transferId);
  const [tab, setTab] = useState<DetailTab>('rows');
  const counts = { rows: transfer.rowCount, blobs: detail?.blobCount, log: undefined };
  return (
    <section aria-label="Details" className={shared['detail']}>
      <DetailHeader transfer={transfer} actions={actions} />
      {detail === undefined ? (
        <div className={css['waiting']} aria-busy>
          <Skeleton width="60%" />
          <Skeleton width="44%" />
          <Skeleton width="52%" />
        </div>
      ) : (
        <Tabs
          label="Details of the transfer"
          value={tab}
          tabs={TABS.map(([value, label]) => ({ value, label, count: counts[value] }))}
          onChange={setTab}
        >
          <DetailPanel tab={tab} detail={detail} />
        </Tabs>
      )}
    </section>
  );
}

function DetailPanel({ tab, detail }: { readonly tab: DetailTab; readonly detail: Detail }) {
  if (tab === 'rows') return <RowList detail={detail} />;
  return tab === 'blobs' ? <BlobList detail={detail} /> : <TransferLog detail={detail} />;
}

type FailureProps = { readonly transfer: Transfer; readonly error: AppError };

/** Why it stopped, and what mends the connection it is about. What was stopped goes on by its own buttons. */
function Failure({ transfer, error }: FailureProps) {
  const registry = registryOfError(transfer, useRegistries().data ?? []);
  const { retry: _, ...mending } = registryErrorActions(registry?.id ?? '', () => undefined);
  return <ErrorState compact error={error} {...(registry === undefined ? {} : { actions: mending })} />;
}

function DetailHeader({ transfer, actions }: TransferDetailProps) {
  const { text, tone } = stateText(transfer);
  const { totalBytes, doneBytes, error } = transfer;
  return (
    <header className={css['header']}>
      <Link to={transfersPath()} className={shared['back']} aria-label="Back to all transfers">
        <BackIcon size={14} aria-hidden /> All transfers
      </Link>
      <h2 className={css['title']}>
        <StateIcon transfer={transfer} />
        <span>
          {kindText(transfer.kind)} <SafeText text={transferSource(transfer)} /> to{' '}
          <SafeText text={transfer.destination} />
        </span>
      </h2>
      <p className={css['facts']}>
        <span className={shared[tone]}>{text}</span> · {progressText(transfer)}
      </p>
      {isOpen(transfer) && (
        <ProgressBar
          label={transferName(transfer)}
          share={totalBytes === 0 ? undefined : doneBytes / totalBytes}
          tone={transfer.state === 'running' ? 'accent' : 'neutral'}
          text={progressText(transfer)}
        />
      )}
      {error !== undefined && <Failure transfer={transfer} error={error} />}
      <div className={css['actions']}>
        <ActionButtons
          labelled
          transfer={transfer}
          actions={actions.of(transfer).filter((action) => action !== 'decide')}
          onRun={actions.run}
        />
      </div>
    </header>
  );
}
