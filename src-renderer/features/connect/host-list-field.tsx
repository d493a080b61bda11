import { useState } from 'react';
import { readHost } from '../../lib/connect-checks.ts';
import { Button } from '../../ui/button.tsx';
import { HostList } from '../../ui/host-list.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';
import { isShortcut } from '../../lib/shortcuts.ts';

export type HostListFieldProps = {
  readonly name: 'trustedTokenHosts' | 'uploadHosts';
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  /** On the button that adds what is typed. */
  readonly addLabel: string;
  readonly removeLabel: (host: string) => string;
  readonly hosts: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (hosts: readonly string[]) => void;
};

/** Hosts of another name that may be given something: listed, added by hand, taken back. */
export function HostListField(props: HostListFieldProps) {
  const { name, label, hint, placeholder, addLabel, removeLabel, hosts, error, onChange } = props;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const add = () => {
    const read = readHost(text);
    if ('problem' in read) {
      setProblem(`Not a host: ${read.problem}`);
      return;
    }
    setText('');
    if (!hosts.includes(read.host)) onChange([...hosts, read.host]);
  };
  return (
    <div className={css['hosts']}>
      <div className={css['withAction']}>
        <TextField
          label={label}
          name={name}
          mono
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder={placeholder}
          hint={hint}
          value={text}
          error={problem ?? error}
          onChange={(next) => {
            setText(next);
            setProblem(undefined);
          }}
          onKeyDown={(event) => {
            if (!isShortcut(event, 'add-typed') || text.trim() === '') return;
            // Enter belongs to this field while there is something in it, not to the whole form.
            event.preventDefault();
            add();
          }}
        />
        <Button disabled={text.trim() === ''} onClick={add}>
          {addLabel}
        </Button>
      </div>
      <HostList
        label={label}
        hosts={hosts}
        removeLabel={removeLabel}
        onRemove={(host) => {
          onChange(hosts.filter((other) => other !== host));
        }}
      />
    </div>
  );
}
