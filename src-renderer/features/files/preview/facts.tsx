import type { FileRow } from '#shared/api/file-rows.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import type { ReactNode } from 'react';
import { formatMode, formatOwner, hidingText, noteTexts, TYPE_NAMES } from '../../../lib/file-text.ts';
import { formatCount } from '../../../lib/format-bytes.ts';
import { keysOf } from '../../../lib/shortcuts.ts';
import { layerInstruction } from '../../../lib/layer-text.ts';
import { Bytes } from '../../../ui/bytes.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { DownloadIcon } from '../../../ui/icons.ts';
import { KeyValueList, type KeyValue } from '../../../ui/key-value-list.tsx';
import { SafeText } from '../../../ui/safe-text.tsx';
import type { Saving } from '../use-save.ts';
import css from './preview.module.css';

export type FileStat = {
  readonly row: FileRow;
  readonly resolvedPath?: string | undefined;
  readonly linkProblem?: 'broken' | 'too-many-links' | undefined;
  readonly hardLinks: readonly string[];
  readonly xattrs: readonly (readonly [name: string, value: string])[];
};

export type FactsProps = {
  readonly stat: FileStat;
  readonly image: SingleImageView;
  readonly saving: Saving;
  readonly onSelect: (path: string) => void;
};

/** Name, provenance and what the tar says of an entry. */
export function Facts({ stat, image, saving, onSelect }: FactsProps) {
  const { row } = stat;
  const save = saving.ofRow(row);
  return (
    <div className={css['facts']}>
      <div className={css['head']}>
        <h2 className={css['title']}>
          <SafeText text={row.path === '' ? '/' : row.name} />
        </h2>
        <CopyButton text={`/${row.path}`} what="the path" />
        {save !== undefined && (
          <IconButton size="sm" label={save.label} keys={keysOf('save')} icon={DownloadIcon} onClick={save.run} />
        )}
      </div>
      <p className={css['path']}>
        <SafeText text={`/${row.path}`} />
      </p>
      <KeyValueList entries={[...provenance(row, image), ...facts(stat), ...links(stat, onSelect)]} />
      {row.hiddenBy !== undefined && (
        <p className={css['warn']}>Not in the finished image: {hidingText(row.hiddenBy)}.</p>
      )}
      {noteTexts(row.notes).map((note) => (
        <p key={note} className={css['warn']}>
          {note}
        </p>
      ))}
    </div>
  );
}

function provenance(row: FileRow, image: SingleImageView): readonly KeyValue[] {
  if (row.layer === undefined) return [];
  const instruction = layerInstruction(image, row.layer);
  const value = (
    <>
      Layer {row.layer + 1}
      {instruction !== undefined && (
        <code className={css['instruction']}>
          <SafeText text={instruction} />
        </code>
      )}
    </>
  );
  return [{ key: 'From', value }];
}

function facts({ row, xattrs }: FileStat): readonly KeyValue[] {
  const below =
    row.fileCount === undefined ? '' : ` in ${formatCount(row.fileCount)} ${row.fileCount === 1 ? 'file' : 'files'}`;
  const modified = new Date(row.modifiedSeconds * 1000);
  const rows: (readonly [key: string, value: ReactNode] | undefined)[] = [
    ['Type', TYPE_NAMES[row.type]],
    row.type === 'file' || row.type === 'directory' || row.type === 'hardlink'
      ? [
          'Size',
          <span key="size">
            <Bytes bytes={row.sizeBytes} />
            {below}
          </span>,
        ]
      : undefined,
    ['Mode', <code key="mode">{`${formatMode(row.type, row.mode)} (${row.mode.toString(8).padStart(4, '0')})`}</code>],
    ['Owner', <SafeText key="owner" text={ownerText(row)} />],
    [
      'Modified',
      Number.isNaN(modified.getTime()) ? 'unknown' : `${modified.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    ],
    row.device === undefined ? undefined : ['Device', row.device],
    ...xattrs.map(([name, value]) => [name, <SafeText key={name} text={value} />] as const),
  ];
  return rows.flatMap((each) =>
    each === undefined ? [] : [{ key: each[0], label: <SafeText text={each[0]} />, value: each[1] }],
  );
}

/** Names where there are some, and the numbers that count. */
function ownerText(row: FileRow): string {
  const names = formatOwner(row);
  const numbers = `${row.uid}:${row.gid}`;
  return names === numbers ? numbers : `${names} (${numbers})`;
}

function links(
  { row, resolvedPath, linkProblem, hardLinks }: FileStat,
  onSelect: (path: string) => void,
): readonly KeyValue[] {
  const go = (path: string) => (
    <button
      type="button"
      className={css['link']}
      onClick={() => {
        onSelect(path);
      }}
    >
      <SafeText text={`/${path}`} />
    </button>
  );
  const target = row.linkTarget === undefined ? [] : [{ key: 'Points to', value: <SafeText text={row.linkTarget} /> }];
  const problem = linkProblem === 'broken' ? 'leads nowhere' : 'leads in a circle';
  const end =
    row.type !== 'symlink' ? [] : [{ key: 'Leads to', value: resolvedPath === undefined ? problem : go(resolvedPath) }];
  const same = hardLinks.map((path, index) => ({
    key: `Same content ${index}`,
    label: 'Same content',
    value: go(path),
  }));
  return [...target, ...end, ...same];
}
