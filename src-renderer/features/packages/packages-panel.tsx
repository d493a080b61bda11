import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { Ecosystem, PackageDatabase } from '#shared/api/packages.ts';
import { useState, type ReactNode } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { layerBytes } from '../../lib/layer-reading.ts';
import { databaseNote, ECOSYSTEM_NAMES } from '../../lib/package-text.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { usePackages } from '../../queries/packages.ts';
import { useReadLayers } from '../../queries/use-read-layers.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { PackagesIcon } from '../../ui/icons.ts';
import { LayerReading } from '../../ui/layer-reading.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { WindowList } from '../../ui/window-list.tsx';
import { PackageCells, PACKAGE_HEAD } from './package-cells.tsx';
import css from './packages.module.css';

/** What is installed in an image, by the databases that its package managers keep. */
export function PackagesPanel(props: ImagePanelProps) {
  const { shown, registryId, repository } = props;
  if (shown.kind !== 'image') {
    return (
      <EmptyState icon={PackagesIcon} title="No packages to show">
        Only the image of one platform has a file system with packages in it.
      </EmptyState>
    );
  }
  const target: FilesTarget = { registryId, repository, digest: shown.digest };
  return (
    <ReadFirst key={shown.digest} target={target} bytes={layerBytes(shown)}>
      <Packages place={props} target={target} />
    </ReadFirst>
  );
}

type ReadFirstProps = { readonly target: FilesTarget; readonly bytes: number; readonly children: ReactNode };

function ReadFirst({ target, bytes, children }: ReadFirstProps) {
  const layers = useReadLayers(target, bytes);
  const actions = useErrorActions(target.registryId, layers.read);
  if (layers.opened !== undefined) return children;
  return (
    <LayerReading reading={layers} actions={actions} why="Package databases are files: the layers are read once." />
  );
}

type PackagesProps = { readonly place: ImagePanelProps; readonly target: FilesTarget };

function Packages({ place, target }: PackagesProps) {
  const [query, setQuery] = useState('');
  const [ecosystem, setEcosystem] = useState<Ecosystem | 'all'>('all');
  const packages = usePackages(target, { query, ecosystem: ecosystem === 'all' ? undefined : ecosystem });
  const actions = useErrorActions(target.registryId, () => void packages.refetch());
  const first = packages.data?.pages[0];
  const databases = first?.databases ?? [];
  return (
    <>
      <Toolbar label="Packages">
        <Ecosystems databases={databases} value={ecosystem} onChange={setEcosystem} />
        <span className={css['count']}>{first !== undefined && countText(first.totalCount, query)}</span>
        <span className={css['spring']} />
        <FilterField label="Find packages" value={query} onChange={setQuery} className={css['find']} />
      </Toolbar>
      {packages.error !== null && <ErrorState error={appErrorOf(packages.error)} actions={actions} />}
      {packages.error === null && first === undefined && (
        <Waiting
          title="Reading the package databases"
          progress={packages.progress}
          isStopped={packages.isStopped}
          onStop={packages.stop}
          onAgain={() => void packages.refetch()}
        />
      )}
      <Notes databases={databases} />
      {first !== undefined && <List place={place} packages={packages} isFiltered={query !== ''} />}
    </>
  );
}

type ListProps = {
  readonly place: ImagePanelProps;
  readonly packages: ReturnType<typeof usePackages>;
  readonly isFiltered: boolean;
};

function List({ place, packages, isFiltered }: ListProps) {
  const pages = packages.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.rows);
  const count = pages[0]?.totalCount ?? 0;
  if (count === 0) {
    return isFiltered ? (
      <EmptyState icon={PackagesIcon} title="No package matches">
        Names and versions are searched, in any case.
      </EmptyState>
    ) : (
      <EmptyState icon={PackagesIcon} title="No package database found">
        Gantry reads the databases of dpkg, apk and rpm, and what npm, pip and Go leave in their files.
      </EmptyState>
    );
  }
  return (
    <WindowList
      label="Packages"
      count={count}
      readCount={rows.length}
      onReadMore={() => {
        if (!packages.isFetchingNextPage) void packages.fetchNextPage();
      }}
      rowClassName={css['row']}
      head={PACKAGE_HEAD}
      renderCells={(index) => {
        const row = rows[index];
        return row === undefined ? undefined : <PackageCells row={row} place={place} />;
      }}
    />
  );
}

function countText(count: number, query: string): string {
  const what = count === 1 ? 'package' : 'packages';
  return query === '' ? `${formatCount(count)} ${what}` : `${formatCount(count)} ${what} found`;
}

type EcosystemsProps = {
  readonly databases: readonly PackageDatabase[];
  readonly value: Ecosystem | 'all';
  readonly onChange: (value: Ecosystem | 'all') => void;
};

/** One of several package managers; nothing to choose where there is one. */
function Ecosystems({ databases, value, onChange }: EcosystemsProps) {
  const found = [
    ...new Set(databases.filter(({ packageCount }) => packageCount > 0).map(({ ecosystem }) => ecosystem)),
  ];
  if (found.length < 2 && value === 'all') return null;
  const options = found.map((each) => ({ value: each, label: ECOSYSTEM_NAMES[each] }));
  return (
    <Segmented
      label="Package manager"
      value={value}
      options={[{ value: 'all', label: 'All' }, ...options]}
      onChange={onChange}
    />
  );
}

function Notes({ databases }: { readonly databases: readonly PackageDatabase[] }) {
  return [...new Set(databases.flatMap((each) => databaseNote(each) ?? []))].map((note) => (
    <p key={note} className={css['note']}>
      <SafeText text={note} />
    </p>
  ));
}
