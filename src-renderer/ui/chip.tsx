import type { ReactNode } from 'react';
import css from './badge.module.css';
import { cx } from './cx.ts';

export type ChipProps = {
  readonly selected?: boolean;
  readonly onClick: () => void;
  readonly mono?: boolean;
  readonly children: ReactNode;
};

/** A badge that does something: choose a platform, follow a link. */
export function Chip({ selected, onClick, mono = false, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={selected}
      className={cx(css['badge'], css['chip'], mono && css['mono'])}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
