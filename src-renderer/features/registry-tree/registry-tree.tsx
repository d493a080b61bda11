import type { TreeRow } from '../../lib/tree-rows.ts';
import { useRegistries } from '../../queries/registries.ts';
import { usePin, useUnpin } from '../../queries/repositories.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { AddIcon } from '../../ui/icons.ts';
import { RepositoriesSource, TagsSource } from './listing-sources.tsx';
import { rowMenu } from './row-menu.ts';
import { TreeList } from './tree-list.tsx';
import css from './tree.module.css';
import { useReveal } from './use-reveal.ts';
import { useRowActions, type RowActions } from './use-row-actions.ts';
import { useTree, type Tree } from './use-tree.ts';

function useRowMenu(actions: RowActions) {
  const registries = useRegistries().data;
  const { mutate: pin } = usePin();
  const { mutate: unpin } = useUnpin();
  return (row: TreeRow | undefined) => {
    if (row === undefined) return [];
    const owner = row.kind === 'registry' ? { registryId: row.registry.id } : 'of' in row ? row.of : undefined;
    const registryId = owner?.registryId ?? ('registryId' in row ? row.registryId : undefined);
    const place = row.kind === 'repository' ? { registryId: row.registryId, repository: row.repository } : undefined;
    return rowMenu(row, {
      registry: registries?.find(({ id }) => id === registryId),
      open: () => {
        actions.activate(row, true);
      },
      refresh: () => {
        const wanted = owner ?? place;
        if (wanted !== undefined) actions.listingOf(wanted)?.refresh();
      },
      pin: () => {
        if (place !== undefined) pin(place);
      },
      unpin: () => {
        if (place !== undefined) unpin(place);
      },
    });
  };
}

type SourcesProps = { readonly tree: Tree };

function Sources({ tree }: SourcesProps) {
  return (
    <>
      {tree.openRegistries.map((registryId) => (
        <RepositoriesSource key={registryId} registryId={registryId} report={tree.reportRepositories} />
      ))}
      {tree.openRepositories.map(({ registryId, repository }) => (
        <TagsSource
          key={`${registryId} ${repository}`}
          registryId={registryId}
          repository={repository}
          report={tree.reportTags}
        />
      ))}
    </>
  );
}

/** The left pane: every registry, and what is in the open ones. */
export function RegistryTree() {
  const tree = useTree();
  const actions = useRowActions(tree);
  const menuOf = useRowMenu(actions);
  const { error, refetch } = useRegistries();
  const filter = useTreeState((state) => state.filter);
  const setFilter = useTreeState((state) => state.setFilter);
  const show = useDialogs((state) => state.show);
  const { currentId, bringId } = useReveal(tree);
  return (
    <div className={css['pane']}>
      <div className={css['head']}>
        <FilterField label="Filter repositories" value={filter} onChange={setFilter} />
        <IconButton
          label="Add registry"
          icon={AddIcon}
          onClick={() => {
            show({ kind: 'connect', prefill: {} });
          }}
        />
      </div>
      <Sources tree={tree} />
      {error !== null && <ErrorState error={error.appError} actions={{ retry: () => void refetch() }} />}
      {tree.rows.length === 0 && filter !== '' ? (
        <p className={css['none']}>Nothing that is loaded matches.</p>
      ) : (
        <TreeList
          rows={tree.rows}
          currentId={currentId}
          bringId={bringId}
          menuOf={menuOf}
          onActivate={actions.activate}
          onToggle={actions.toggle}
        />
      )}
    </div>
  );
}
