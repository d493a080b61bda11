import { cx } from './cx.ts';
import css from './field.module.css';
import { ChevronDownIcon } from './icons.ts';

export type SelectOption<T extends string> = { readonly value: T; readonly label: string };

export type SelectProps<T extends string> = {
  /** The accessible name. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly className?: string | undefined;
};

/** The platform's own select: its list is the system's, so keyboard and type-ahead are right everywhere. */
export function Select<T extends string>({ label, value, options, onChange, className }: SelectProps<T>) {
  return (
    <span className={cx(css['selectBox'], className)}>
      <select
        aria-label={label}
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
