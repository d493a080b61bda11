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

/** The address leads: its tab becomes active and what it shows becomes the selection. */
export function useFollowAddress(): void {
  const { pathname, search } = useLocation();
  const visit = useOpenTabs((state) => state.visit);
  const select = useSelection((state) => state.select);
  useEffect(() => {
    visit(`${pathname}${search}`);
  }, [pathname, search, visit]);
  useEffect(() => {
    select(selectionOf(parsePath(pathname)));
  }, [pathname, select]);
}
