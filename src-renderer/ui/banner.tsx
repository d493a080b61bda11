import type { ReactNode } from 'react';
import css from './banner.module.css';
import { cx } from './cx.ts';
import { ErrorIcon, InfoIcon, OfflineIcon, SuccessIcon, WarningIcon } from './icons.ts';

export type BannerProps = {
  readonly tone?: 'info' | 'success' | 'warning' | 'danger' | 'offline';
  readonly children: ReactNode;
  readonly actions?: ReactNode;
};

const ICONS = {
  info: InfoIcon,
  success: SuccessIcon,
  warning: WarningIcon,
  danger: ErrorIcon,
  offline: OfflineIcon,
} as const;

/** A line about the whole pane or form. */
export function Banner({ tone = 'info', children, actions }: BannerProps) {
  const IconPart = ICONS[tone];
  return (
    <div className={cx(css['banner'], css[tone])} role={tone === 'danger' ? 'alert' : undefined}>
      <IconPart size={16} aria-hidden />
      <div className={css['text']}>{children}</div>
      {actions}
    </div>
  );
}
