import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import css from './field.module.css';
import { FilterIcon } from './icons.ts';
import { isShortcut } from '../lib/shortcuts.ts';

export type FilterFieldProps = Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'value' | 'type'> & {
  /** The accessible name; shown as placeholder too unless one is given. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string | undefined;
};

/** Narrows what is shown as one types. Escape empties it. */
export function FilterField({ label, value, onChange, className, ...rest }: FilterFieldProps) {
  return (
    <span className={cx(css['withIcon'], className)}>
      <FilterIcon size={14} aria-hidden />
      <input
        placeholder={label}
        spellCheck={false}
        autoComplete="off"
        {...rest}
        type="search"
        aria-label={label}
        value={value}
        className={css['control']}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (isShortcut(event, 'clear-filter') && value !== '') {
            event.stopPropagation();
            onChange('');
          } else rest.onKeyDown?.(event);
        }}
      />
    </span>
  );
}
