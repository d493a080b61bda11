import { useEffect, useRef } from 'react';
import { useParams } from 'react-router';
import { appErrorOf } from '../../queries/app-error.ts';
import { useTagPages, type RepositoryRef } from '../../queries/tags.ts';
import { useSelection } from '../../state/selection.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TagIcon } from '../../ui/icons.ts';
import { OfflineNote } from '../../ui/offline-note.tsx';
import { WarningList, type WarningListProps } from '../../ui/warning-list.tsx';
import css from './repository.module.css';
import { RepositoryHeader } from './repository-header.tsx';
import { TagTable } from './tag-table.tsx';
import { TagTableSkeleton } from './tag-table-skeleton.tsx';
import { usePageDrop } from './use-page-drop.ts';

/** The tags of one repository. */
export function RepositoryPage() {
  const { registryId = '', repository = '' } = useParams();
  const select = useSelection((state) => state.select);
  useEffect(() => {
    select({ kind: 'repository', registryId, repository });
  }, [select, registryId, repository]);
  const ref = useRef<HTMLElement>(null);
  const canDrop = usePageDrop(ref, { registryId, repository });
  return (
    <section
      ref={ref}
      className={css['page']}
      aria-label={`Repository ${repository}`}
      data-drop={canDrop ? 'over' : undefined}
    >
      <RepositoryHeader registryId={registryId} repository={repository} />
      <Tags key={`${registryId} ${repository}`} registryId={registryId} repository={repository} />
    </section>
  );
}

function Tags(ref: RepositoryRef) {
  const pages = useTagPages(ref);
  const actions = useErrorActions(ref.registryId, () => {
    void pages.refetch();
  });
  if (pages.data === undefined) {
    if (pages.error === null) return <TagTableSkeleton />;
    return <ErrorState error={appErrorOf(pages.error)} actions={actions} />;
  }
  const isEmpty = !pages.hasNextPage && pages.data.pages.every((page) => page.tags.length === 0);
  const warnings = pages.data.pages.flatMap((page) => page.warnings ?? []);
  if (isEmpty) {
    return (
      <>
        <Said warnings={warnings} />
        <EmptyState icon={TagIcon} title="No tags">
          The repository exists, and nothing in it has a tag. Manifests without a tag can be opened by digest: paste{' '}
          <code>name@sha256:…</code> above.
        </EmptyState>
      </>
    );
  }
  const offline = pages.data.pages.find((page) => page.offline !== undefined)?.offline;
  return (
    <>
      <OfflineNote offline={offline} onRetry={() => void pages.refetch()} />
      <Said warnings={warnings} />
      <TagTable registryRef={ref} pages={pages} />
    </>
  );
}

function Said({ warnings }: WarningListProps) {
  if (warnings.length === 0) return null;
  return (
    <div className={css['warnings']}>
      <WarningList warnings={warnings} />
    </div>
  );
}
