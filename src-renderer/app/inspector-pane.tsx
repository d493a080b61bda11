import { INSPECTOR_WIDTH, useLayout } from '../state/layout.ts';
import { SplitHandle } from '../ui/split-handle.tsx';
import { cx } from '../ui/cx.ts';
import { PaneBoundary } from './pane-boundary.tsx';
import { useInspectorToggle } from './use-inspector.ts';
import css from './window.module.css';

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
        <PaneBoundary name="The inspector">{null}</PaneBoundary>
      </aside>
    </>
  );
}
