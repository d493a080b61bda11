import { lazy, Suspense } from 'react';
import { INSPECTOR_WIDTH, useLayout } from '../state/layout.ts';
import { SplitHandle } from '../ui/split-handle.tsx';
import { cx } from '../ui/cx.ts';
import { PaneBoundary } from './pane-boundary.tsx';
import { useInspectorToggle } from './use-inspector.ts';
import css from './window.module.css';

// Loaded when it is first shown: the first paint does not wait for it.
const Inspector = lazy(async () => ({
  default: (await import('../features/inspector/inspector.tsx')).Inspector,
}));

export function InspectorPane() {
  const { inspectorWidth, setInspectorWidth } = useLayout();
  const { isNarrow, isShown, toggle } = useInspectorToggle();
  if (!isShown) return null;
  return (
    <>
      {!isNarrow && (
        <SplitHandle
          label="inspector"
          controls="inspector"
          width={inspectorWidth}
          min={INSPECTOR_WIDTH.min}
          max={INSPECTOR_WIDTH.max}
          pane="after"
          onResize={setInspectorWidth}
          onToggle={toggle}
        />
      )}
      <aside
        id="inspector"
        aria-label="Inspector"
        className={cx(css['inspector'], isNarrow && css['overlay'])}
        style={{ width: inspectorWidth }}
        data-pane
      >
        <PaneBoundary name="The inspector">
          <Suspense>
            <Inspector />
          </Suspense>
        </PaneBoundary>
      </aside>
    </>
  );
}
