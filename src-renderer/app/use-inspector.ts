import { useSyncExternalStore } from 'react';
import { useLocation } from 'react-router';
import { parsePath } from '../lib/paths.ts';
import { NARROW_BELOW, useLayout } from '../state/layout.ts';

const narrow = window.matchMedia(`(width < ${NARROW_BELOW}px)`);

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => {
    narrow.removeEventListener('change', listener);
  };
}

/** True while the window is too narrow for three panes side by side. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

/**
 * In a narrow window the inspector lies over the main pane and starts hidden. `hasSubject`: what is open is in a registry;
 * elsewhere (settings, transfers, a comparison) there is nothing to inspect, and the page has the room.
 */
export function useInspectorToggle() {
  const hasSubject = 'registryId' in parsePath(useLocation().pathname);
  const isNarrow = useIsNarrow();
  const { inspectorShown, overlayShown, toggleInspector, setOverlayShown } = useLayout();
  return {
    isNarrow,
    hasSubject,
    isShown: hasSubject && (isNarrow ? overlayShown : inspectorShown),
    toggle: () => {
      if (!hasSubject) return;
      if (isNarrow) setOverlayShown(!overlayShown);
      else toggleInspector();
    },
  };
}
