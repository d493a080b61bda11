import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import css from './field.module.css';
import { ChevronDownIcon } from './icons.ts';

export type SelectOption<T extends string> = { readonly value: T; readonly label: string };

export type SelectBoxProps<T extends string> = {
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly className?: string | undefined;
  /** What names and describes it. */
  readonly control: Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'className' | 'children'>;
};

/** The platform's own select: its list is the system's, so keyboard and type-ahead are right everywhere. */
export function SelectBox<T extends string>({ value, options, onChange, className, control }: SelectBoxProps<T>) {
  return (
    <span className={cx(css['selectBox'], className)}>
      <select
        {...control}
        value={value}
        className={cx(css['control'], css['select'])}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDownIcon size={14} aria-hidden />
    </span>
  );
}

export type SelectProps<T extends string> = Omit<SelectBoxProps<T>, 'control'> & {
  /** The accessible name. */
  readonly label: string;
};

/** A select without a label that can be seen, for a toolbar. */
export function Select<T extends string>({ label, ...box }: SelectProps<T>) {
  return <SelectBox {...box} control={{ 'aria-label': label }} />;
}
