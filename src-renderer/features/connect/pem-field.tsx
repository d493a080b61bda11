import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { readPemFile } from '../../lib/pem.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Field } from '../../ui/field.tsx';
import fieldCss from '../../ui/field.module.css';
import css from './connect.module.css';

export type PemFieldProps = {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  /** What was read of it, or what to put in. */
  readonly hint: ReactNode;
  readonly placeholder?: string;
  /** Its characters are not shown. */
  readonly isSecret?: boolean;
};

const ACCEPTED = '.pem,.crt,.cer,.key,.ca-bundle,application/x-pem-file,application/x-x509-ca-cert';

/** Keeps a drop from leaving the page, which is what a browser does with a file nobody takes. */
function allowDrop(event: DragEvent): void {
  event.preventDefault();
}

type PemActionsProps = {
  readonly label: string;
  readonly isEmpty: boolean;
  readonly onFile: (file: File | undefined) => Promise<void>;
  readonly onClear: () => void;
};

function PemActions({ label, isEmpty, onFile, onClear }: PemActionsProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={css['pemActions']}>
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPTED}
        aria-label={`File for ${label}`}
        onChange={(event) => {
          void onFile(event.target.files?.[0]);
          // The same file may be chosen again after it was mended.
          event.target.value = '';
        }}
      />
      <Button size="sm" aria-label={`Choose a file for ${label}`} onClick={() => input.current?.click()}>
        Choose file…
      </Button>
      {!isEmpty && (
        <Button size="sm" variant="ghost" aria-label={`Clear ${label}`} onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}

/** A PEM text: pasted, chosen as a file, or dropped. Files are read in the page. */
export function PemField({ label, name, value, onChange, error, hint, placeholder, isSecret = false }: PemFieldProps) {
  const [problem, setProblem] = useState<string>();
  const take = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    const read = await readPemFile(chosen);
    setProblem(read.ok ? undefined : read.problem);
    if (read.ok) onChange(read.text);
  };
  return (
    <div className={css['pem']}>
      <Field label={label} hint={hint} error={problem ?? error}>
        {(parts) => (
          <textarea
            id={parts.id}
            name={name}
            rows={2}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            placeholder={placeholder}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.invalid || undefined}
            className={cx(fieldCss['control'], fieldCss['mono'], css['pemText'], isSecret && css['hiddenText'])}
            value={value}
            onChange={(event) => {
              setProblem(undefined);
              onChange(event.target.value);
            }}
            onDragOver={allowDrop}
            onDrop={(event) => {
              if (event.dataTransfer.files.length === 0) return;
              event.preventDefault();
              void take(event.dataTransfer.files[0]);
            }}
          />
        )}
      </Field>
      <PemActions
        label={label}
        isEmpty={value === ''}
        onFile={take}
        onClear={() => {
          setProblem(undefined);
          onChange('');
        }}
      />
    </div>
  );
}
