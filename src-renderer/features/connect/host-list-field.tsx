import { useState } from 'react';
import { readHost } from '../../lib/connect-checks.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';

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

type HostListProps = Pick<HostListFieldProps, 'label' | 'hosts' | 'removeLabel' | 'onChange'>;

function HostList({ label, hosts, removeLabel, onChange }: HostListProps) {
  if (hosts.length === 0) return null;
  return (
    <ul className={css['hostList']} aria-label={label}>
      {hosts.map((host) => (
        <li key={host} className={css['hostItem']}>
          <code>
            <SafeText text={host} />
          </code>
          <IconButton
            size="sm"
            icon={CloseIcon}
            label={removeLabel(host)}
            onClick={() => {
              onChange(hosts.filter((other) => other !== host));
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** Hosts of another name that may be given something: listed, added by hand, taken back. */
export function HostListField({ name, hint, placeholder, addLabel, error, ...list }: HostListFieldProps) {
  const { label, hosts, onChange } = list;
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
            if (event.key !== 'Enter' || text.trim() === '') return;
            // Enter belongs to this field while there is something in it, not to the whole form.
            event.preventDefault();
            add();
          }}
        />
        <Button disabled={text.trim() === ''} onClick={add}>
          {addLabel}
        </Button>
      </div>
      <HostList {...list} />
    </div>
  );
}
