import type { ComponentProps, ReactNode } from 'react';
import css from './button.module.css';
import { cx } from './cx.ts';
import type { Icon } from './icons.ts';
import { Spinner } from './spinner.tsx';

export type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  readonly variant?: 'primary' | 'secondary' | 'ghost' | 'danger';
  readonly size?: 'md' | 'sm';
  readonly icon?: Icon | undefined;
  /** Shows a spinner and refuses clicks; the label stays, so the width does not change. */
  readonly busy?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
};

export function Button(props: ButtonProps) {
  const { variant = 'secondary', size = 'md', icon: IconPart, busy = false, className, children, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : rest.onClick}
      className={cx(css['button'], css[variant], size === 'sm' && css['small'], className)}
    >
      {busy ? <Spinner size={14} /> : IconPart !== undefined && <IconPart size={14} aria-hidden />}
      <span className={css['label']}>{children}</span>
    </button>
  );
}
