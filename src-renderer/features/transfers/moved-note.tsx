import type { TransferRow } from '#shared/api/transfers.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './detail.module.css';

export type MovedNoteProps = { readonly rows: readonly TransferRow[] };

/** Tags of the source that name something else since the plan was made: what was planned is what came. */
export function MovedNote({ rows }: MovedNoteProps) {
  const moved = rows.filter(({ sourceMovedTo }) => sourceMovedTo !== undefined);
  const [first] = moved;
  if (first?.sourceMovedTo === undefined) return null;
  return (
    <p className={css['note']}>
      {moved.length === 1 ? (
        <>
          <SafeText text={first.source} /> was moved at the source meanwhile, to{' '}
          <code title={first.sourceMovedTo}>{shortDigest(first.sourceMovedTo)}</code>.
        </>
      ) : (
        <>{formatCount(moved.length)} tags were moved at the source meanwhile.</>
      )}{' '}
      The image that was planned has been copied; copy again to bring the new one.
    </p>
  );
}
