import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import css from './split-handle.module.css';
import { isShortcut } from '../lib/shortcuts.ts';

export type SplitHandleProps = {
  /** What is resized: `Registry tree`. */
  readonly label: string;
  /** Id of the pane it sizes. */
  readonly controls: string;
  readonly width: number;
  readonly min: number;
  readonly max: number;
  /** The pane is left (`before`) or right (`after`) of the handle. */
  readonly pane: 'before' | 'after';
  readonly onResize: (width: number) => void;
  /** Double click and Enter. */
  readonly onToggle: () => void;
};

const STEP = 16;

/** The line between two panes. Keys follow the APG window splitter pattern. */
export function SplitHandle(props: SplitHandleProps) {
  const { label, controls, width, min, max, pane, onResize, onToggle } = props;
  const start = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined);
  const direction = pane === 'before' ? 1 : -1;
  const resize = (next: number) => {
    onResize(Math.min(max, Math.max(min, Math.round(next))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Partial<Record<string, number>> = {
      ArrowLeft: width - STEP * direction,
      ArrowRight: width + STEP * direction,
      Home: min,
      End: max,
    };
    const next = steps[event.key];
    if (next !== undefined) resize(next);
    else if (isShortcut(event, 'reset-width')) onToggle();
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current !== undefined) resize(start.current.width + (event.clientX - start.current.x) * direction);
  };
  const stop = () => {
    start.current = undefined;
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Resize ${label}`}
      aria-controls={controls}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={css['handle']}
      onKeyDown={onKeyDown}
      onDoubleClick={onToggle}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
    />
  );
}
