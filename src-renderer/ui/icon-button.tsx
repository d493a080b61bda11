import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import css from './icon-button.module.css';
import type { Icon } from './icons.ts';
import { Tooltip } from './tooltip.tsx';

export type IconButtonProps = Omit<ComponentProps<'button'>, 'className' | 'children' | 'aria-label'> & {
  /** The accessible name, also shown as a hint. */
  readonly label: string;
  readonly icon: Icon;
  /** Keys as shown in the hint, `Ctrl K`. */
  readonly keys?: string | undefined;
  readonly size?: 'md' | 'sm';
  readonly className?: string | undefined;
};

export function IconButton({ label, icon: IconPart, keys, size = 'md', className, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={keys === undefined ? label : `${label} (${keys})`}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cx(css['button'], size === 'sm' && css['small'], className)}
      >
        <IconPart size={size === 'sm' ? 14 : 16} aria-hidden />
      </button>
    </Tooltip>
  );
}
