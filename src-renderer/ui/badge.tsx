import type { ReactNode } from 'react';
import css from './badge.module.css';
import { cx } from './cx.ts';
import type { Icon } from './icons.ts';

export type BadgeProps = {
  readonly tone?: 'neutral' | 'accent' | 'success' | 'warning' | 'danger';
  readonly icon?: Icon;
  /** For platforms, digests and media types. */
  readonly mono?: boolean;
  readonly children: ReactNode;
};

/** A short fact about the thing beside it. */
export function Badge({ tone = 'neutral', icon: IconPart, mono = false, children }: BadgeProps) {
  return (
    <span className={cx(css['badge'], css[tone], mono && css['mono'])}>
      {IconPart !== undefined && <IconPart size={12} aria-hidden />}
      {children}
    </span>
  );
}
