import { useState } from 'react';
import { readHost } from '../../lib/connect-checks.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';

type HostListProps = { readonly hosts: readonly string[]; readonly onRemove: (host: string) => void };

function HostList({ hosts, onRemove }: HostListProps) {
  if (hosts.length === 0) return null;
  return (
    <ul className={css['hostList']} aria-label="Trusted token servers">
      {hosts.map((host) => (
        <li key={host} className={css['hostItem']}>
          <code>
            <SafeText text={host} />
          </code>
          <IconButton
            size="sm"
            icon={CloseIcon}
            label={`No longer trust ${host}`}
            onClick={() => {
              onRemove(host);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** Token servers of another name that may have the credential: listed, added by hand, taken back. */
export function TokenHostsField({ form, errors, onChange }: FormPartProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const hosts = form.trustedTokenHosts;
  const add = () => {
    const read = readHost(text);
    if ('problem' in read) {
      setProblem(`Not a host: ${read.problem}`);
      return;
    }
    setText('');
    if (!hosts.includes(read.host)) onChange({ trustedTokenHosts: [...hosts, read.host] });
  };
  return (
    <div className={css['tokenHosts']}>
      <div className={css['withAction']}>
        <TextField
          label="Trusted token servers"
          name="trustedTokenHosts"
          mono
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder="auth.example.com"
          hint="Where your password or token may go besides the registry itself. Gantry asks when one is new."
          value={text}
          error={problem ?? errors.trustedTokenHosts}
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
          Trust
        </Button>
      </div>
      <HostList
        hosts={hosts}
        onRemove={(host) => {
          onChange({ trustedTokenHosts: hosts.filter((other) => other !== host) });
        }}
      />
    </div>
  );
}
