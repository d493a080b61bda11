import type { ReactNode } from 'react';
import css from './toolbar.module.css';

export type ToolbarProps = {
  readonly label: string;
  readonly children: ReactNode;
};

/** A row of controls above a list or table. */
export function Toolbar({ label, children }: ToolbarProps) {
  return (
    <div role="group" aria-label={label} className={css['toolbar']}>
      {children}
    </div>
  );
}
