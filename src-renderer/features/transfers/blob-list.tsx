import type { TransferBlob, TransferDetail } from '#shared/api/transfers.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../lib/format-bytes.ts';
import { blobRoleText, blobShare, blobStateText, bytesOf } from '../../lib/transfer-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { GridCell, VirtualGrid, type GridColumn } from '../../ui/virtual-grid.tsx';
import css from './detail.module.css';
import shared from './transfers.module.css';

export type BlobListProps = { readonly detail: TransferDetail };

const COLUMNS: readonly GridColumn[] = [
  { key: 'role', head: 'Role' },
  { key: 'digest', head: 'Digest' },
  { key: 'size', head: 'Size', align: 'end' },
  { key: 'progress', head: 'Progress' },
  { key: 'state', head: 'State' },
];
const TEMPLATE = '60px 96px 68px minmax(60px, 1fr) 92px';

function Cells({ blob }: { readonly blob: TransferBlob }) {
  const { text, tone } = blobStateText(blob.state);
  const isMoving = (blob.state === 'sending' || blob.state === 'verifying') && blob.sizeBytes > 0;
  return (
    <>
      <GridCell>{blobRoleText(blob.role)}</GridCell>
      <GridCell title={blob.digest}>
        <code>{shortDigest(blob.digest)}</code>
      </GridCell>
      <GridCell align="end" title={formatExactBytes(blob.sizeBytes)}>
        {formatBytes(blob.sizeBytes)}
      </GridCell>
      <GridCell>
        <ProgressBar
          label={`${blobRoleText(blob.role)} ${shortDigest(blob.digest)}`}
          share={blobShare(blob)}
          tone={tone}
          text={`${text}, ${bytesOf(blob.sentBytes, blob.sizeBytes)}`}
        />
      </GridCell>
      <GridCell className={shared[tone]}>{isMoving ? `${text} ${Math.floor(blobShare(blob) * 100)} %` : text}</GridCell>
    </>
  );
}

/** Every blob and manifest that is on its way, failed or waits, each with a bar of its own. */
export function BlobList({ detail }: BlobListProps) {
  const { blobs, blobCount } = detail;
  if (blobs.length === 0) {
    return (
      <EmptyState title="No blobs to show">
        They are listed while their image is copied, and when something failed. The log says what became of each.
      </EmptyState>
    );
  }
  return (
    <>
      <VirtualGrid label="Blobs" columns={COLUMNS} template={TEMPLATE} keys={blobs.map(({ digest }) => digest)}>
        {(index) => {
          const blob = blobs[index];
          return blob === undefined ? null : <Cells blob={blob} />;
        }}
      </VirtualGrid>
      {blobCount > blobs.length && (
        <p className={css['note']}>
          {formatCount(blobs.length)} of {formatCount(blobCount)} blobs: those that are done are left out.
        </p>
      )}
    </>
  );
}
