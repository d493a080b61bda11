import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Field } from './field.tsx';
import css from './field.module.css';
import { ChevronDownIcon } from './icons.ts';
import type { SelectOption } from './select.tsx';

export type SelectFieldProps<T extends string> = {
  readonly label: ReactNode;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly name?: string;
};

/** A select with its label above it, for a form. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, value, options, onChange, hint, error, name } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {(parts) => (
        <span className={css['selectBox']}>
          <select
            id={parts.id}
            name={name}
            value={value}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.invalid || undefined}
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
      )}
    </Field>
  );
}
