import { useNavigate } from 'react-router';
import { errorText } from '../../lib/error-text.ts';
import { imagePath, registryPath, repositoryPath } from '../../lib/paths.ts';
import { repositoryKey, type ListingOwner, type TreeRow } from '../../lib/tree-rows.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { useOpenTabs } from '../../state/open-tabs.ts';
import { registryErrorActions } from '../../state/registry-actions.ts';
import { useTreeState } from '../../state/tree-state.ts';
import type { LiveListing } from './listing-sources.tsx';
import type { Tree } from './use-tree.ts';

export type RowActions = {
  /** What a click does, and Enter with `keep`: opens, toggles, loads more or mends. */
  readonly activate: (row: TreeRow, keep: boolean) => void;
  readonly toggle: (row: TreeRow) => void;
  readonly listingOf: (owner: ListingOwner) => LiveListing | undefined;
};

/** Where a row leads to; undefined for rows that only open or mend. */
export function rowPath(row: TreeRow): string | undefined {
  if (row.kind === 'registry') return registryPath(row.registry.id);
  if (row.kind === 'repository') return repositoryPath(row);
  if (row.kind === 'tag') return imagePath({ ...row, reference: row.tag });
  return undefined;
}

/** Lists in the tree: how they are read again, extended or mended. */
function mend(row: TreeRow, listing: LiveListing | undefined): void {
  const retry = () => listing?.retry();
  if (row.kind === 'more' && !row.loading) listing?.loadMore();
  if (row.kind === 'empty') retry();
  if (row.kind === 'no-catalog') useDialogs.getState().show({ kind: 'pin', registryId: row.of.registryId });
  if (row.kind !== 'error') return;
  const mendBy = errorText(row.error).action ?? 'retry';
  registryErrorActions(row.of.registryId, retry)[mendBy](row.error);
}

export function useRowActions(tree: Tree): RowActions {
  const navigate = useNavigate();
  const setExpanded = useTreeState((state) => state.setExpanded);
  const keepPath = useOpenTabs((state) => state.keepPath);
  const listingOf = (owner: ListingOwner) => {
    const { registryId, repository } = owner;
    return repository === undefined
      ? tree.repositories.get(registryId)
      : tree.tags.get(repositoryKey({ registryId, repository }));
  };
  const toggle = (row: TreeRow) => {
    // The favourites are open unless they are in the set.
    if (row.kind === 'favourites') setExpanded([row.id], row.open);
    else if ('open' in row) setExpanded([row.id], !row.open);
  };
  const activate = (row: TreeRow, keep: boolean) => {
    const path = rowPath(row);
    if (path !== undefined) {
      if (keep) keepPath(path);
      void navigate(path);
      if (row.kind === 'registry') setExpanded([row.id], true);
    } else if ('open' in row) toggle(row);
    else if ('of' in row) mend(row, listingOf(row.of));
  };
  return { activate, toggle, listingOf };
}
