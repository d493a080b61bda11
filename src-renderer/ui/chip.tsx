import type { ReactNode, Ref } from 'react';
import css from './badge.module.css';
import { cx } from './cx.ts';

export type ChipProps = {
  readonly ref?: Ref<HTMLButtonElement>;
  readonly selected?: boolean;
  /** Something is held over it that it would take. */
  readonly isDropTarget?: boolean;
  readonly onClick: () => void;
  readonly mono?: boolean;
  readonly children: ReactNode;
};

/** A badge that does something: choose a platform, follow a link. */
export function Chip({ ref, selected, isDropTarget = false, onClick, mono = false, children }: ChipProps) {
  return (
    <button
      ref={ref}
      type="button"
      data-drop={isDropTarget ? 'over' : undefined}
      aria-pressed={selected}
      className={cx(css['badge'], css['chip'], mono && css['mono'])}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
