import { useId, type ReactNode } from 'react';
import { cx } from './cx.ts';
import css from './field.module.css';

export type RadioOption<T extends string> = {
  readonly value: T;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
};

export type RadioGroupProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly options: readonly RadioOption<T>[];
  readonly onChange: (value: T) => void;
  readonly inline?: boolean;
};

export function RadioGroup<T extends string>({ label, value, options, onChange, inline = false }: RadioGroupProps<T>) {
  const name = useId();
  return (
    <fieldset className={css['group']}>
      <legend className={cx(css['label'], css['legend'])}>{label}</legend>
      <div className={cx(css['choices'], inline && css['inline'])}>
        {options.map((option) => {
          const id = `${name}-${option.value}`;
          return (
            <div key={option.value} className={css['choice']}>
              <input
                type="radio"
                id={id}
                name={name}
                value={option.value}
                checked={option.value === value}
                aria-describedby={option.hint === undefined ? undefined : `${id}-hint`}
                onChange={() => {
                  onChange(option.value);
                }}
              />
              <label htmlFor={id}>{option.label}</label>
              {option.hint !== undefined && (
                <div id={`${id}-hint`} className={cx(css['hint'], css['choiceHint'])}>
                  {option.hint}
                </div>
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
