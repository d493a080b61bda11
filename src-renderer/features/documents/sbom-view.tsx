import type { DocumentView, SbomPackage } from '#shared/api/documents.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useSbomPackages, type DocumentRef } from '../../queries/documents.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { WindowList } from '../../ui/window-list.tsx';
import css from './documents.module.css';

type Sbom = Extract<DocumentView, { readonly kind: 'sbom' }>;
export type SbomViewProps = { readonly of: DocumentRef; readonly view: Sbom };

const FORMATS = { spdx: 'SPDX', cyclonedx: 'CycloneDX' } as const;
const HEAD = ['Package', 'Version', 'Licence', 'Package URL'] as const;

/** An SBOM as a table of its packages. */
export function SbomView({ of, view }: SbomViewProps) {
  const [query, setQuery] = useState('');
  const packages = useSbomPackages(of, query);
  const rows = packages.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = packages.data?.pages[0]?.totalCount ?? view.sbom.packageCount;
  return (
    <>
      <Toolbar label="SBOM">
        <Facts sbom={view.sbom} />
        <span className={css['spring']} />
        <FilterField label="Find packages" value={query} onChange={setQuery} className={css['find']} />
      </Toolbar>
      {packages.error !== null && (
        <ErrorState error={appErrorOf(packages.error)} actions={{ retry: () => void packages.refetch() }} />
      )}
      {packages.data !== undefined && (
        <WindowList
          label="Packages of the SBOM"
          count={total}
          readCount={rows.length}
          onReadMore={() => {
            if (!packages.isFetchingNextPage) void packages.fetchNextPage();
          }}
          rowClassName={css['packageRow']}
          head={HEAD.map((label) => (
            <span key={label} role="columnheader">
              {label}
            </span>
          ))}
          renderCells={(index) => {
            const row = rows[index];
            return row === undefined ? undefined : <Cells row={row} />;
          }}
        />
      )}
      {query !== '' && packages.data !== undefined && (
        <p className={css['footer']}>
          {formatCount(total)} of {formatCount(view.sbom.packageCount)} packages match
        </p>
      )}
    </>
  );
}

function Facts({ sbom }: { readonly sbom: Sbom['sbom'] }) {
  return (
    <span className={css['facts']}>
      {FORMATS[sbom.format]} <SafeText text={sbom.version} /> · {formatCount(sbom.packageCount)} packages
      {!sbom.isComplete && ' (the first ones of it)'}
      {sbom.created !== undefined && (
        <>
          {' · '}
          <TimeAgo time={sbom.created} />
        </>
      )}
      {sbom.creators.length > 0 && (
        <>
          {' · '}
          <SafeText text={sbom.creators.join(', ')} />
        </>
      )}
    </span>
  );
}

function Cells({ row }: { readonly row: SbomPackage }) {
  return (
    <>
      <span role="gridcell" className={css['name']} title={displayText(row.name)}>
        <SafeText text={row.name} />
      </span>
      <span role="gridcell" className={css['mono']}>
        <SafeText text={row.version ?? '–'} />
      </span>
      <span role="gridcell" className={css['muted']} title={displayText(row.license ?? '')}>
        <SafeText text={row.license ?? '–'} />
      </span>
      <span role="gridcell" className={css['mono']} title={displayText(row.purl ?? row.cpe ?? '')}>
        <SafeText text={row.purl ?? row.cpe ?? row.supplier ?? '–'} />
      </span>
    </>
  );
}
