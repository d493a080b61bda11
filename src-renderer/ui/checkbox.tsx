import { useId, type ReactNode } from 'react';
import css from './field.module.css';

export type CheckboxProps = {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly name?: string;
};

export function Checkbox({ label, checked, onChange, hint, disabled, name }: CheckboxProps) {
  const id = useId();
  return (
    <div className={css['choice']}>
      <input
        type="checkbox"
        id={id}
        name={name}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <div id={`${id}-hint`} className={`${css['hint']} ${css['choiceHint']}`}>
          {hint}
        </div>
      )}
    </div>
  );
}
