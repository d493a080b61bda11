import type { AppError } from '#shared/api/app-error.ts';
import type { LogEntry } from '#shared/api/diagnostics.ts';
import { useEffect, useState } from 'react';
import { api } from '../host/index.ts';
import { inOrderOfBeginning } from '../lib/log-text.ts';
import { appErrorOf } from './app-error.ts';

/** As many as the engine keeps. */
const KEPT = 2000;
/** Entries come in bursts: the list is drawn anew five times a second at most. */
const SETTLE_MS = 200;

export type RequestLog = {
  /** In the order they began. */
  readonly entries: readonly LogEntry[];
  /** True once the entries kept so far have arrived. */
  readonly isReady: boolean;
  readonly error: AppError | undefined;
};

const NOTHING: RequestLog = { entries: [], isReady: false, error: undefined };

async function watch(
  registryHost: string | undefined,
  signal: AbortSignal,
  onEntries: (entries: readonly LogEntry[]) => void,
): Promise<void> {
  for await (const { entries } of await api.diagnostics.watch({ registryHost }, { signal })) onEntries(entries);
}

/** Forgets every entry, in the engine too. */
export async function clearRequestLog(): Promise<void> {
  await api.diagnostics.clear();
}

/** Requests and decisions as they happen, while somebody looks. The stream is opened once: a new host is a new mount. */
export function useRequestLog(registryHost: string | undefined) {
  const [log, setLog] = useState(NOTHING);
  useEffect(() => {
    const controller = new AbortController();
    let waiting: readonly LogEntry[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      timer = undefined;
      const fresh = waiting;
      waiting = [];
      setLog(({ entries }) => ({
        entries: inOrderOfBeginning([...entries, ...fresh].slice(-KEPT)),
        isReady: true,
        error: undefined,
      }));
    };
    watch(registryHost, controller.signal, (entries) => {
      waiting = [...waiting, ...entries];
      timer ??= setTimeout(settle, SETTLE_MS);
    }).catch((error: unknown) => {
      if (!controller.signal.aborted) setLog((before) => ({ ...before, error: appErrorOf(error) }));
    });
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [registryHost]);
  return log;
}
