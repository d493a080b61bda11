import type { Difference } from '#shared/api/compare.ts';
import { useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { ECOSYSTEM_NAMES, databaseNote } from '../../lib/package-text.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useComparedPackages, type Targets } from '../../queries/compare.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { PackagesIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { WindowList } from '../../ui/window-list.tsx';
import css from './compare.module.css';
import { DifferenceSign } from './difference-sign.tsx';

const DIFFERENT: readonly Difference[] = ['added', 'removed', 'changed'];

/** Installed packages of both sides, by their databases. */
export function PackageDifferences({ targets }: { readonly targets: Targets }) {
  const [query, setQuery] = useState('');
  const [showsSame, setShowsSame] = useState(false);
  const packages = useComparedPackages(targets, query, [...DIFFERENT, ...(showsSame ? (['same'] as const) : [])]);
  const first = packages.data?.pages[0];
  return (
    <>
      <Toolbar label="Packages">
        <Checkbox label="Show what is the same" checked={showsSame} onChange={setShowsSame} />
        <span className={css['muted']}>{first === undefined ? '' : `${formatCount(first.totalCount)} packages`}</span>
        <span className={css['spring']} />
        <FilterField label="Find packages" value={query} onChange={setQuery} className={css['find']} />
      </Toolbar>
      <Found packages={packages} />
    </>
  );
}

/** What was found, what it waits for, or why there is nothing. */
function Found({ packages }: { readonly packages: ReturnType<typeof useComparedPackages> }) {
  const again = () => void packages.refetch();
  const first = packages.data?.pages[0];
  if (packages.error !== null) return <ErrorState error={appErrorOf(packages.error)} actions={{ retry: again }} />;
  if (first === undefined) {
    return (
      <Waiting
        title="Reading the package databases of both"
        progress={packages.progress}
        isStopped={packages.isStopped}
        onStop={packages.stop}
        onAgain={again}
      />
    );
  }
  const databases = [...first.leftDatabases, ...first.rightDatabases];
  return (
    <>
      {[...new Set(databases.flatMap((each) => databaseNote(each) ?? []))].map((note) => (
        <p key={note} className={css['note']}>
          <SafeText text={note} />
        </p>
      ))}
      <Rows
        rows={packages.data?.pages.flatMap(({ rows }) => rows) ?? []}
        count={first.totalCount}
        hasDatabases={databases.length > 0}
        readMore={() => {
          if (!packages.isFetchingNextPage) void packages.fetchNextPage();
        }}
      />
    </>
  );
}

type PackageRow = NonNullable<ReturnType<typeof useComparedPackages>['data']>['pages'][number]['rows'][number];
type RowsProps = {
  readonly rows: readonly PackageRow[];
  readonly count: number;
  readonly hasDatabases: boolean;
  readonly readMore: () => void;
};

function Rows({ rows, count, hasDatabases, readMore }: RowsProps) {
  if (count === 0) {
    return (
      <EmptyState icon={PackagesIcon} title={hasDatabases ? 'No such difference' : 'No package database found'}>
        Gantry reads the databases of dpkg, apk and rpm, and what npm, pip and Go leave in their files.
      </EmptyState>
    );
  }
  return (
    <WindowList
      label="Packages that differ"
      count={count}
      readCount={rows.length}
      onReadMore={readMore}
      rowClassName={css['packageRow']}
      renderCells={(index) => {
        const row = rows[index];
        return row === undefined ? undefined : <PackageCells row={row} />;
      }}
    />
  );
}

function PackageCells({ row }: { readonly row: PackageRow }) {
  return (
    <>
      <span role="gridcell">
        <DifferenceSign difference={row.difference} />
      </span>
      <span role="gridcell" className={css['filePath']}>
        <SafeText text={row.name} />
      </span>
      <span role="gridcell" className={css['muted']}>
        {ECOSYSTEM_NAMES[row.ecosystem]}
      </span>
      <span role="gridcell" className={css['version']}>
        <SafeText text={row.left?.versions.join(', ') ?? '–'} />
      </span>
      <span role="gridcell" className={css['version']}>
        <SafeText text={row.right?.versions.join(', ') ?? '–'} />
      </span>
    </>
  );
}
