import type { ComparedFile, FileDifference } from '#shared/api/compare.ts';
import { useState } from 'react';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useComparedFiles, useFileSummary, type Targets } from '../../queries/compare.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { FilterIcon, SuccessIcon } from '../../ui/icons.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { WindowList } from '../../ui/window-list.tsx';
import css from './compare.module.css';
import { FileDifferenceCells } from './file-difference-cells.tsx';

const KINDS = [
  { value: 'added', label: 'Only right', of: 'addedCount' },
  { value: 'removed', label: 'Only left', of: 'removedCount' },
  { value: 'changed', label: 'Changed', of: 'changedCount' },
  { value: 'unknown', label: 'Same size', of: 'unknownCount' },
  { value: 'metadata', label: 'Metadata only', of: 'metadataCount' },
] as const;

const ORDERS = [
  { value: 'path', label: 'By path' },
  { value: 'size', label: 'By size' },
] as const;

/** The files that differ, narrowed by how and by name. */
export function FileDifferences({ targets }: { readonly targets: Targets }) {
  const [kinds, setKinds] = useState<ReadonlySet<FileDifference>>(new Set(['added', 'removed', 'changed', 'unknown']));
  const [query, setQuery] = useState('');
  const [by, setBy] = useState<'path' | 'size'>('path');
  const summary = useFileSummary(targets);
  const differences = [...kinds];
  const files = useComparedFiles(
    targets,
    { differences: differences.length === 0 ? ['same'] : differences, query, by },
    summary.data !== undefined,
  );
  const toggle = (kind: FileDifference) => {
    setKinds((before) => {
      const after = new Set(before);
      if (!after.delete(kind)) after.add(kind);
      return after;
    });
  };
  return (
    <>
      <Toolbar label="Differences" wraps>
        <div className={css['kinds']}>
          {KINDS.map(({ value, label, of }) => (
            <Checkbox
              key={value}
              label={summary.data === undefined ? label : `${label} ${formatCount(summary.data[of])}`}
              checked={kinds.has(value)}
              onChange={() => {
                toggle(value);
              }}
            />
          ))}
        </div>
        <span className={css['spring']} />
        <FilterField label="Find files" value={query} onChange={setQuery} className={css['find']} />
        <Segmented label="Order" value={by} options={ORDERS} onChange={setBy} />
      </Toolbar>
      <Found targets={targets} summary={summary} files={files} isNothingAsked={kinds.size === 0} />
      {summary.data !== undefined && (
        <div className={css['footer']}>
          {formatBytes(summary.data.leftBytes)} left · {formatBytes(summary.data.rightBytes)} right ·{' '}
          {formatCount(summary.data.sameCount)} files the same
        </div>
      )}
    </>
  );
}

type FoundProps = {
  readonly targets: Targets;
  /** Without it there are no files to list. */
  readonly summary: ReturnType<typeof useFileSummary>;
  readonly files: ReturnType<typeof useComparedFiles>;
  readonly isNothingAsked: boolean;
};

/** What was found, what it waits for, or why there is nothing. */
function Found({ targets, summary, files, isNothingAsked }: FoundProps) {
  const awaited = summary.data === undefined ? summary : { ...files, progress: undefined };
  const again = () => void awaited.refetch();
  if (isNothingAsked) {
    return (
      <EmptyState icon={FilterIcon} title="No difference chosen">
        Tick above which differences are to be listed.
      </EmptyState>
    );
  }
  if (awaited.error !== null) return <ErrorState error={appErrorOf(awaited.error)} actions={{ retry: again }} />;
  if (files.data === undefined) {
    return (
      <Waiting
        title="Comparing the files of both"
        progress={awaited.progress}
        isStopped={awaited.isStopped}
        onStop={awaited.stop}
        onAgain={again}
      />
    );
  }
  return (
    <Rows
      targets={targets}
      rows={files.data.pages.flatMap((page) => page.rows)}
      count={files.data.pages[0]?.totalCount ?? 0}
      readMore={() => {
        if (!files.isFetchingNextPage) void files.fetchNextPage();
      }}
    />
  );
}

type RowsProps = {
  readonly targets: Targets;
  readonly rows: readonly ComparedFile[];
  readonly count: number;
  readonly readMore: () => void;
};

const HEAD = ['', 'Path', '', 'Left', 'Right', 'Difference'] as const;

function Rows({ targets, rows, count, readMore }: RowsProps) {
  if (count === 0) return <EmptyState icon={SuccessIcon} title="No such difference" />;
  return (
    <WindowList
      label="Files that differ"
      count={count}
      readCount={rows.length}
      onReadMore={readMore}
      rowClassName={css['fileRow']}
      head={HEAD.map((label, column) => (
        <span
          key={label === '' ? `none ${column}` : label}
          role="columnheader"
          className={column > 2 ? css['number'] : undefined}
        >
          {label}
        </span>
      ))}
      renderCells={(index) => {
        const row = rows[index];
        return row === undefined ? undefined : <FileDifferenceCells targets={targets} row={row} />;
      }}
    />
  );
}
