import type { FileRow } from '#shared/api/file-rows.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { cx } from '../../ui/cx.ts';
import css from './grid.module.css';

type Status = NonNullable<FileRow['change']>['status'];

const MARKS: Readonly<Record<Status, { readonly sign: string; readonly word: string } | undefined>> = {
  added: { sign: '+', word: 'added' },
  removed: { sign: '−', word: 'removed' },
  changed: { sign: '~', word: 'changed' },
  unchanged: undefined,
};

function detailOf({ change, type, sizeBytes }: FileRow): string {
  if (change?.status !== 'changed') return '';
  const parts = [
    change.previousSizeBytes !== undefined && change.previousSizeBytes !== sizeBytes
      ? `was ${formatBytes(change.previousSizeBytes)}`
      : undefined,
    change.previousType !== undefined && change.previousType !== type ? `was a ${change.previousType}` : undefined,
    change.content === 'same' ? `only ${change.metadata.join(', ')}` : undefined,
    change.content === 'unknown' ? 'same size, not compared' : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** What a layer did to an entry, or to what lies below it: a sign, never a colour alone. */
export function ChangeMark({ row }: { readonly row: FileRow }) {
  const mark = row.change === undefined ? undefined : MARKS[row.change.status];
  const below = row.changesBelow;
  const counts =
    below === undefined
      ? []
      : (
          [
            ['+', 'added', below.addedCount],
            ['~', 'changed', below.changedCount],
            ['−', 'removed', below.removedCount],
          ] as const
        ).filter(([, , count]) => count > 0);
  return (
    <>
      {mark !== undefined && (
        <span className={cx(css['mark'], css[mark.word])} title={mark.word}>
          {mark.sign}
          <span className="visually-hidden">{mark.word}</span>
        </span>
      )}
      {mark !== undefined && detailOf(row) !== '' && <span className={css['why']}>{detailOf(row)}</span>}
      {counts.map(([sign, word, count]) => (
        <span key={word} className={cx(css['below'], css[word])} title={`${formatCount(count)} ${word} below`}>
          {sign}
          {formatCount(count)}
          <span className="visually-hidden"> {word} below</span>
        </span>
      ))}
    </>
  );
}
