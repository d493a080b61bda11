import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { currentRow, revealIn, revealKey } from '../../lib/current-row.ts';
import { parsePath } from '../../lib/paths.ts';
import { registryRowId } from '../../lib/tree-rows.ts';
import { useRegistries } from '../../queries/registries.ts';
import { usePins } from '../../queries/repositories.ts';
import { useTreeState } from '../../state/tree-state.ts';
import type { Tree } from './use-tree.ts';

export type Reveal = {
  /** The row of the page shown, or what stands for it. */
  readonly currentId: string | undefined;
  /** The row to bring into view, once; undefined while there is nothing to do or the list is on its way. */
  readonly bringId: string | undefined;
};

/**
 * The tree follows the address: the rows above what is shown are opened once for each thing, so that a row closed
 * afterwards stays closed. No page is loaded but the first: a repository that is not in it is marked at its registry.
 */
export function useReveal(tree: Tree): Reveal {
  const { pathname } = useLocation();
  const pins = usePins().data;
  const registries = useRegistries().data;
  const shelf = useTreeState((state) => state.shelf);
  const revealing = useTreeState((state) => state.revealing);
  const expanded = useTreeState((state) => state.expanded);
  const place = parsePath(pathname);
  const key = revealKey(place);
  const isReady = registries !== undefined && pins !== undefined;
  useEffect(() => {
    const { revealedKey, focusedId, expanded: open, reveal } = useTreeState.getState();
    if (pins === undefined || !isReady || key === revealedKey) return;
    reveal(key, revealIn({ place: parsePath(pathname), pins, expanded: open, focusedId }));
  }, [isReady, key, pathname, pins]);
  const current = currentRow(tree.rows, place, shelf);
  const registryId = 'registryId' in place ? place.registryId : '';
  const isWaiting =
    expanded.has(registryRowId(registryId)) && (tree.repositories.get(registryId)?.status ?? 'loading') === 'loading';
  const isSettled = current?.exact === true || !isWaiting;
  return { currentId: current?.id, bringId: revealing && isSettled ? current?.id : undefined };
}
