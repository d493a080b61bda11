import type { Change } from '#shared/api/changes.ts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../host/index.ts';
import { assertNever } from '../lib/assert-never.ts';
import { askAgain } from './ask-again.ts';
import { orpc } from './client.ts';
import { isOf } from './registries.ts';

const RETRY_MS = [500, 1000, 2000, 5000, 10_000] as const;

function isIn(queryKey: readonly unknown[], registryId: string, repository: string): boolean {
  return isOf(queryKey, registryId) && JSON.stringify(queryKey[1]).includes(JSON.stringify(repository));
}

function apply(client: QueryClient, change: Change): void {
  switch (change.area) {
    case 'ready':
      return;
    case 'registries':
      askAgain(client, { queryKey: orpc.registries.list.key() });
      return;
    case 'pins':
      askAgain(client, { queryKey: orpc.repositories.pins.key() });
      return;
    case 'settings':
      askAgain(client, { queryKey: orpc.settings.key() });
      return;
    case 'health':
      askAgain(client, { queryKey: orpc.health.get.key({ input: { id: change.registryId } }) });
      return;
    case 'content': {
      const { registryId, repository } = change;
      const queryKey = orpc.repositories.list.key();
      askAgain(client, { queryKey, predicate: (query) => isOf(query.queryKey, registryId) });
      askAgain(client, { predicate: (query) => isIn(query.queryKey, registryId, repository) });
      return;
    }
    default:
      assertNever(change);
  }
}

const CONTENT_PAUSE_MS = 250;

/** A push changes a registry many times a second: the same change is applied at most four times a second. */
function createApplier(client: QueryClient, signal: AbortSignal): (change: Change) => void {
  const waiting = new Map<string, Change>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });
  return (change) => {
    if (change.area !== 'content') {
      apply(client, change);
      return;
    }
    waiting.set(`${change.registryId} ${change.repository}`, change);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const each of waiting.values()) apply(client, each);
      waiting.clear();
    }, CONTENT_PAUSE_MS);
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Resolves when the stream has ended: true when it had begun. */
async function watchOnce(
  signal: AbortSignal,
  onReady: () => void,
  onChange: (change: Change) => void,
): Promise<boolean> {
  let begun = false;
  try {
    for await (const change of await api.changes.watch(undefined, { signal })) {
      if (!begun) onReady();
      begun = true;
      onChange(change);
    }
  } catch {
    // The stream broke or the host is gone: watch() waits and asks again, and every other call shows the error.
  }
  return begun;
}

async function watch(client: QueryClient, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let lost = false;
  const onChange = createApplier(client, signal);
  const onReady = () => {
    // Whatever changed while nobody listened is unknown: all that is shown is asked for again.
    if (lost) void client.invalidateQueries();
    lost = false;
  };
  while (!signal.aborted) {
    failures = (await watchOnce(signal, onReady, onChange)) ? 0 : failures + 1;
    lost = true;
    if (!signal.aborted) await pause(RETRY_MS[failures] ?? 10_000, signal);
  }
}

/** Keeps what is on screen in step with what is stored, here or by another window. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const controller = new AbortController();
    void watch(client, controller.signal);
    return () => {
      controller.abort();
    };
  }, [client]);
}
