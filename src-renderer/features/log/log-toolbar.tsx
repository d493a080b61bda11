import type { LogEntry } from '#shared/api/diagnostics.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { entryText, type LogFilter } from '../../lib/log-text.ts';
import { useRegistries } from '../../queries/registries.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { PauseIcon, RemoveIcon, ResumeIcon } from '../../ui/icons.ts';
import { Select } from '../../ui/select.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import css from './log.module.css';

export const EVERY_HOST = '';

export type Pause = {
  readonly entries: readonly LogEntry[];
  readonly isPaused: boolean;
  readonly toggle: () => void;
  readonly resume: () => void;
};

export type LogToolbarProps = {
  readonly host: string;
  readonly onHost: (host: string) => void;
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  readonly shown: readonly LogEntry[];
  readonly pause: Pause;
  readonly onClear: () => void;
};

function useHosts(chosen: string) {
  const hosts = new Set((useRegistries().data ?? []).map(({ host }) => host));
  if (chosen !== EVERY_HOST) hosts.add(chosen);
  return [
    { value: EVERY_HOST, label: 'Every registry' },
    ...[...hosts].map((host) => ({ value: host, label: displayText(host) })),
  ];
}

/** What of the log is shown, and what can be done with it. */
export function LogToolbar({ host, onHost, filter, onFilter, shown, pause, onClear }: LogToolbarProps) {
  const hosts = useHosts(host);
  return (
    <Toolbar label="Request log">
      <FilterField
        label="Filter requests"
        value={filter.text}
        onChange={(text) => {
          onFilter({ ...filter, text });
        }}
        className={css['filter']}
      />
      <Select label="Registry" value={host} options={hosts} className={css['hosts']} onChange={onHost} />
      <span className={css['check']}>
        <Checkbox
          label="Failures only"
          checked={filter.onlyFailures}
          onChange={(onlyFailures) => {
            onFilter({ ...filter, onlyFailures });
          }}
        />
      </span>
      <span className={css['spring']} />
      <IconButton
        label={pause.isPaused ? 'Resume' : 'Pause'}
        icon={pause.isPaused ? ResumeIcon : PauseIcon}
        aria-pressed={pause.isPaused}
        onClick={pause.toggle}
      />
      <CopyButton
        isSafe
        size="md"
        text={displayText(shown.map(entryText).join('\n\n'), { multiline: true })}
        what="the entries shown"
      />
      <IconButton label="Clear the log" icon={RemoveIcon} onClick={onClear} />
    </Toolbar>
  );
}
