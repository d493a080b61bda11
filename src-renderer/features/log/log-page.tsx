import type { LogEntry } from '#shared/api/diagnostics.ts';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { formatCount } from '../../lib/format-bytes.ts';
import { filterLog, isFailure, type LogFilter } from '../../lib/log-text.ts';
import { LOG_HOST_PARAM } from '../../lib/paths.ts';
import { clearRequestLog, useRequestLog } from '../../queries/diagnostics.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { LogIcon } from '../../ui/icons.ts';
import { EntryDetails } from './entry-details.tsx';
import { LogRows } from './log-rows.tsx';
import { EVERY_HOST, LogToolbar, type Pause } from './log-toolbar.tsx';
import css from './log.module.css';

/** The list stands still while paused: what came meanwhile is shown on resuming. */
function usePause(entries: readonly LogEntry[]): Pause {
  const [frozen, setFrozen] = useState<readonly LogEntry[]>();
  return {
    entries: frozen ?? entries,
    isPaused: frozen !== undefined,
    toggle: () => {
      setFrozen(frozen === undefined ? entries : undefined);
    },
    resume: () => {
      setFrozen(undefined);
    },
  };
}

/** Every request Gantry has sent lately and why, without anything secret. */
export function LogPage() {
  const [search, setSearch] = useSearchParams();
  const [round, setRound] = useState(0);
  const host = search.get(LOG_HOST_PARAM) ?? EVERY_HOST;
  return (
    <LogView
      key={`${host} ${round}`}
      host={host}
      onHost={(next) => {
        setSearch(next === EVERY_HOST ? {} : { [LOG_HOST_PARAM]: next }, { replace: true });
      }}
      onAgain={() => {
        setRound(round + 1);
      }}
    />
  );
}

type LogViewProps = {
  readonly host: string;
  readonly onHost: (host: string) => void;
  /** Opens the stream anew: after an error, and with an empty list after clearing. */
  readonly onAgain: () => void;
};

const NO_FILTER: LogFilter = { text: '', onlyFailures: false };

function LogView({ host, onHost, onAgain }: LogViewProps) {
  const log = useRequestLog(host === EVERY_HOST ? undefined : host);
  const pause = usePause(log.entries);
  const [filter, setFilter] = useState(NO_FILTER);
  const [selectedId, setSelectedId] = useState<number>();
  const shown = filterLog(pause.entries, filter);
  const selected = pause.entries.find(({ id }) => id === selectedId);
  return (
    <section className={css['page']} aria-label="Request log">
      <LogToolbar
        host={host}
        onHost={onHost}
        filter={filter}
        onFilter={setFilter}
        shown={shown}
        pause={pause}
        onClear={() => {
          void clearRequestLog().then(onAgain, onAgain);
        }}
      />
      {log.error !== undefined && <ErrorState compact error={log.error} actions={{ retry: onAgain }} />}
      {shown.length === 0 ? (
        <Nothing isReady={log.isReady} isFiltered={pause.entries.length > 0} />
      ) : (
        <LogRows entries={shown} selectedId={selectedId} isFollowing={!pause.isPaused} onSelect={setSelectedId} />
      )}
      {selected !== undefined && (
        <EntryDetails
          key={selected.id}
          entry={selected}
          onClose={() => {
            setSelectedId(undefined);
          }}
        />
      )}
      <Footer entries={pause.entries} shownCount={shown.length} isPaused={pause.isPaused} onResume={pause.resume} />
    </section>
  );
}

function Nothing({ isReady, isFiltered }: { readonly isReady: boolean; readonly isFiltered: boolean }) {
  if (!isReady) return <div className={css['rest']} aria-busy />;
  return (
    <div className={css['rest']}>
      <EmptyState icon={LogIcon} title={isFiltered ? 'Nothing matches' : 'Nothing has been sent yet'}>
        {isFiltered
          ? 'No entry kept so far has all of these words.'
          : 'Open a repository, and its requests appear here as they are answered.'}
      </EmptyState>
    </div>
  );
}

type FooterProps = {
  readonly entries: readonly LogEntry[];
  readonly shownCount: number;
  readonly isPaused: boolean;
  readonly onResume: () => void;
};

function Footer({ entries, shownCount, isPaused, onResume }: FooterProps) {
  const failures = entries.filter(isFailure).length;
  const counted =
    shownCount === entries.length
      ? formatCount(shownCount)
      : `${formatCount(shownCount)} of ${formatCount(entries.length)}`;
  return (
    <div className={css['footer']}>
      <span>
        {counted} entries{failures > 0 && ` · ${formatCount(failures)} failed`} · kept until Gantry closes, without
        secrets
      </span>
      {isPaused && (
        <Button size="sm" onClick={onResume}>
          Paused: resume
        </Button>
      )}
    </div>
  );
}
