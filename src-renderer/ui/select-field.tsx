import type { ReactNode } from 'react';
import { Field } from './field.tsx';
import { SelectBox, type SelectOption } from './select.tsx';

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
        <SelectBox
          value={value}
          options={options}
          onChange={onChange}
          control={{
            id: parts.id,
            name,
            'aria-describedby': parts.describedBy,
            'aria-invalid': parts.invalid || undefined,
          }}
        />
      )}
    </Field>
  );
}
