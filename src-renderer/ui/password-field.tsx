import { useState, type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx.ts';
import { Field } from './field.tsx';
import css from './field.module.css';
import { IconButton } from './icon-button.tsx';
import { HideIcon, RevealIcon } from './icons.ts';

export type PasswordFieldProps = Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'value' | 'id' | 'type'> & {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
};

/** A secret. Paste and password managers work (WCAG 2.2, 3.3.8); it can be shown while it is typed. */
export function PasswordField({ label, hint, error, onChange, ...rest }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(parts) => (
        <span className={cx(css['withIcon'], css['withButton'])}>
          <input
            {...rest}
            type={shown ? 'text' : 'password'}
            id={parts.id}
            spellCheck={false}
            autoCapitalize="off"
            aria-describedby={parts.describedBy}
            aria-invalid={parts.invalid || undefined}
            className={cx(css['control'], css['mono'])}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          />
          <span className={css['inside']}>
            <IconButton
              size="sm"
              label={shown ? 'Hide' : 'Show'}
              icon={shown ? HideIcon : RevealIcon}
              aria-pressed={shown}
              onClick={() => {
                setShown(!shown);
              }}
            />
          </span>
        </span>
      )}
    </Field>
  );
}
