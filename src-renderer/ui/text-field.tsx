import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Field } from './field.tsx';
import css from './field.module.css';

export type TextFieldProps = Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'value' | 'id'> & {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** For hosts, references and digests. */
  readonly mono?: boolean;
};

export function TextField({ label, hint, error, mono = false, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(parts) => (
        <input
          type="text"
          {...rest}
          id={parts.id}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.invalid || undefined}
          className={cx(css['control'], mono && css['mono'])}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      )}
    </Field>
  );
}
