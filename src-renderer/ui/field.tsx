import { useId, type ReactNode } from 'react';
import css from './field.module.css';
import { ErrorIcon } from './icons.ts';

export type FieldParts = {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
};

export type FieldProps = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Draws the control with the id and descriptions that tie it to its label. */
  readonly children: (parts: FieldParts) => ReactNode;
};

/** Label, control, hint and error in one column. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const hasHint = hint !== undefined && hint !== null && hint !== '';
  const describedBy = [hasHint && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={css['field']}>
      <label className={css['label']} htmlFor={id}>
        {label}
      </label>
      {children({ id, describedBy: describedBy === '' ? undefined : describedBy, invalid: error !== undefined })}
      {hasHint && (
        <div id={`${id}-hint`} className={css['hint']}>
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div id={`${id}-error`} className={css['error']} role="alert">
          <ErrorIcon size={14} aria-hidden />
          {error}
        </div>
      )}
    </div>
  );
}
