import type { PlanRow } from '#shared/api/transfers.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { kindName } from '../../lib/kind-name.ts';
import { Digest } from '../../ui/digest.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon } from '../../ui/icons.ts';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './plan.module.css';

export type PlanDetailsProps = { readonly row: PlanRow; readonly onClose: () => void };

function contentText({ manifestCount, referrerCount, foreignLayerCount, bytesTotal }: PlanRow): string {
  const parts = [
    `${formatCount(manifestCount)} ${manifestCount === 1 ? 'manifest' : 'manifests'}`,
    referrerCount > 0 && `${formatCount(referrerCount)} ${referrerCount === 1 ? 'referrer' : 'referrers'}`,
    foreignLayerCount > 0 && `${formatCount(foreignLayerCount)} foreign layers left out`,
    `${formatBytes(bytesTotal)} in all`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}

function entriesOf(row: PlanRow): readonly KeyValue[] {
  const { sourceDigest, resultDigest, platforms, kind, state } = row;
  const isCut = resultDigest !== undefined && resultDigest !== sourceDigest;
  const entries: ReadonlyArray<KeyValue | false> = [
    { key: 'What', value: <SafeText text={row.source} /> },
    { key: 'To', value: <SafeText text={row.destination} /> },
    kind !== undefined && { key: 'Kind', value: kindName(kind) },
    sourceDigest !== undefined && { key: 'Digest', value: <Digest digest={sourceDigest} /> },
    isCut && { key: 'Becomes', label: 'Becomes, cut to its platforms', value: <Digest digest={resultDigest} /> },
    state.kind === 'conflict' && {
      key: 'Is now',
      label: 'The tag holds',
      value: <Digest digest={state.existingDigest} />,
    },
    platforms.length > 0 && { key: 'Platforms', value: <SafeText text={platforms.join(', ')} /> },
    state.kind !== 'failed' && { key: 'Holds', value: contentText(row) },
  ];
  return entries.filter((entry) => entry !== false);
}

/** Everything that is known of one row. */
export function PlanDetails({ row, onClose }: PlanDetailsProps) {
  return (
    <section aria-label="Details of the row" className={css['details']}>
      <div className={css['detailsBody']}>
        <KeyValueList entries={entriesOf(row)} />
        {row.state.kind === 'failed' && <ErrorState compact error={row.state.error} />}
      </div>
      <IconButton size="sm" label="Close details" icon={CloseIcon} onClick={onClose} />
    </section>
  );
}
