import { useId, type ReactNode } from 'react';
import { PREVIEW_WIDTH, useLayout } from '../../state/layout.ts';
import { SplitHandle } from '../../ui/split-handle.tsx';
import css from './files.module.css';

export type SidePaneProps = { readonly label: string; readonly children: ReactNode };

/** The pane at the right of a list; its width is remembered. */
export function SidePane({ label, children }: SidePaneProps) {
  const id = useId();
  const { previewWidth, setPreviewWidth } = useLayout();
  return (
    <>
      <SplitHandle
        label={label}
        controls={id}
        width={previewWidth}
        min={PREVIEW_WIDTH.min}
        max={PREVIEW_WIDTH.max}
        pane="after"
        onResize={setPreviewWidth}
        onToggle={() => {
          setPreviewWidth(PREVIEW_WIDTH.initial);
        }}
      />
      <section id={id} aria-label="Selected file" className={css['side']} style={{ flexBasis: previewWidth }}>
        {children}
      </section>
    </>
  );
}
