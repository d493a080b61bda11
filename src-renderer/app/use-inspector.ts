import { useSyncExternalStore } from 'react';
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

/** In a narrow window the inspector lies over the main pane and starts hidden. */
export function useInspectorToggle() {
  const isNarrow = useIsNarrow();
  const { inspectorShown, overlayShown, toggleInspector, setOverlayShown } = useLayout();
  return {
    isNarrow,
    isShown: isNarrow ? overlayShown : inspectorShown,
    toggle: () => {
      if (isNarrow) setOverlayShown(!overlayShown);
      else toggleInspector();
    },
  };
}
