import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import css from './toolbar.module.css';

export type ToolbarProps = {
  readonly label: string;
  /** What has no room goes to a second line; else it shrinks. */
  readonly wraps?: boolean;
  readonly children: ReactNode;
};

/** A row of controls above a list or table. */
export function Toolbar({ label, wraps = false, children }: ToolbarProps) {
  return (
    <div role="group" aria-label={label} className={cx(css['toolbar'], wraps && css['wraps'])}>
      {children}
    </div>
  );
}
