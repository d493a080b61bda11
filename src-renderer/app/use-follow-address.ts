import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { parsePath, type Place } from '../lib/paths.ts';
import { useOpenTabs } from '../state/open-tabs.ts';
import { useSelection, type Selection } from '../state/selection.ts';

function selectionOf(place: Place): Selection {
  if (place.kind === 'registry' || place.kind === 'repository') return place;
  if (place.kind !== 'image') return { kind: 'none' };
  const { registryId, repository, reference } = place;
  return { kind: 'image', registryId, repository, reference };
}

/** The page of an image says more than its address: which platform is shown. That is kept from tab to tab. */
function isAlreadySelected(current: Selection, next: Selection): boolean {
  if (current.kind !== 'image' || next.kind !== 'image') return false;
  const { registryId, repository, reference } = next;
  return current.registryId === registryId && current.repository === repository && current.reference === reference;
}

/** The address leads: its tab becomes active and what it shows becomes the selection. */
export function useFollowAddress(): void {
  const { pathname, search } = useLocation();
  const visit = useOpenTabs((state) => state.visit);
  const select = useSelection((state) => state.select);
  useEffect(() => {
    visit(`${pathname}${search}`);
  }, [pathname, search, visit]);
  useEffect(() => {
    const next = selectionOf(parsePath(pathname));
    if (!isAlreadySelected(useSelection.getState().selection, next)) select(next);
  }, [pathname, select]);
}
