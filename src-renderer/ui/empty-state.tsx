import type { ReactNode } from 'react';
import css from './state.module.css';
import type { Icon } from './icons.ts';

export type EmptyStateProps = {
  readonly icon?: Icon;
  readonly title: ReactNode;
  /** Says what the list covers and what to do next. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
};

export function EmptyState({ icon: IconPart, title, children, actions }: EmptyStateProps) {
  return (
    <div className={css['state']}>
      {IconPart !== undefined && <IconPart size={24} aria-hidden className={css['icon']} />}
      <p className={css['title']}>{title}</p>
      {children !== undefined && <div className={css['detail']}>{children}</div>}
      {actions !== undefined && <div className={css['actions']}>{actions}</div>}
    </div>
  );
}
