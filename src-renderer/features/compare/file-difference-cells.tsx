import type { ComparedFile } from '#shared/api/compare.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState } from 'react';
import { formatBytes } from '../../lib/format-bytes.ts';
import { formatMode, TYPE_NAMES } from '../../lib/file-text.ts';
import { useCompareContents, type Targets } from '../../queries/compare.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './compare.module.css';
import { DifferenceSign } from './difference-sign.tsx';

export type FileDifferenceCellsProps = { readonly targets: Targets; readonly row: ComparedFile };

/** One path of both sides. */
export function FileDifferenceCells({ targets, row }: FileDifferenceCellsProps) {
  const { left, right, difference } = row;
  const delta = (right?.sizeBytes ?? 0) - (left?.sizeBytes ?? 0);
  return (
    <>
      <span role="gridcell">
        <DifferenceSign difference={difference} />
      </span>
      <span role="gridcell" className={css['filePath']} title={displayText(`/${row.path}`)}>
        <SafeText text={`/${row.path}`} />
      </span>
      <span role="gridcell" className={css['fileWhat']}>
        {whatText(row)}
        {(row.content === 'unknown' || row.content === 'same-size-and-time') && (
          <CompareButton targets={targets} path={row.path} />
        )}
      </span>
      <span role="gridcell" className={css['number']}>
        {left === undefined ? '–' : formatBytes(left.sizeBytes)}
      </span>
      <span role="gridcell" className={css['number']}>
        {right === undefined ? '–' : formatBytes(right.sizeBytes)}
      </span>
      <span role="gridcell" className={css['number']}>
        {delta === 0 ? '' : `${delta > 0 ? '+' : '−'}${formatBytes(Math.abs(delta))}`}
      </span>
    </>
  );
}

function whatText({ left, right, metadata }: ComparedFile): string {
  if (left === undefined || right === undefined) {
    const only = left ?? right;
    return only === undefined || only.type === 'file' ? '' : TYPE_NAMES[only.type];
  }
  if (left.type !== right.type) return `${TYPE_NAMES[left.type]} → ${TYPE_NAMES[right.type]}`;
  if (metadata.includes('mode')) return `${formatMode(left.type, left.mode)} → ${formatMode(right.type, right.mode)}`;
  if (metadata.includes('owner')) return `${left.uid}:${left.gid} → ${right.uid}:${right.gid}`;
  return metadata.includes('link') ? 'points elsewhere' : '';
}

/** Sizes alone prove nothing: reads both files when asked. */
function CompareButton({ targets, path }: { readonly targets: Targets; readonly path: string }) {
  const [wanted, setWanted] = useState(false);
  const compare = useCompareContents(targets, path, wanted);
  if (compare.data !== undefined) return <span>{compare.data.isSame ? 'same content' : 'different content'}</span>;
  if (compare.isFetching) {
    return (
      <span className={css['comparing']} role="status">
        {compare.progress?.text ?? 'reading both…'}
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            compare.stop();
            setWanted(false);
          }}
        >
          Cancel
        </Button>
      </span>
    );
  }
  return (
    <Button
      size="sm"
      variant="ghost"
      onClick={() => {
        setWanted(true);
        if (compare.error !== null) void compare.refetch();
      }}
    >
      {compare.error === null ? 'Compare content' : 'Could not read: try again'}
    </Button>
  );
}
