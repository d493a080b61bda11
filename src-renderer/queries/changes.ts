import type { Change } from '#shared/api/changes.ts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../host/index.ts';
import { assertNever } from '../lib/assert-never.ts';
import { orpc } from './client.ts';
import { isOf } from './registries.ts';

const RETRY_MS = [500, 1000, 2000, 5000, 10_000] as const;

function isIn(queryKey: readonly unknown[], registryId: string, repository: string): boolean {
  if (!isOf(queryKey, registryId)) return false;
  const text = JSON.stringify(queryKey[1]);
  return text.includes(JSON.stringify(repository));
}

function apply(client: QueryClient, change: Change): void {
  const stale = (queryKey: readonly unknown[]) => {
    void client.invalidateQueries({ queryKey });
  };
  switch (change.area) {
    case 'ready':
      return;
    case 'registries':
      stale(orpc.registries.list.key());
      return;
    case 'pins':
      stale(orpc.repositories.pins.key());
      return;
    case 'settings':
      stale(orpc.settings.key());
      return;
    case 'content': {
      const { registryId, repository } = change;
      void client.invalidateQueries({
        queryKey: orpc.repositories.list.key(),
        predicate: (query) => isOf(query.queryKey, registryId),
      });
      void client.invalidateQueries({
        predicate: (query) => isIn(query.queryKey, registryId, repository),
      });
      return;
    }
    default:
      assertNever(change);
  }
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
async function watchOnce(client: QueryClient, signal: AbortSignal, onReady: () => void): Promise<boolean> {
  let begun = false;
  try {
    for await (const change of await api.changes.watch(undefined, { signal })) {
      if (!begun) onReady();
      begun = true;
      apply(client, change);
    }
  } catch {
    // The stream broke or the host is gone: watch() waits and asks again, and every other call shows the error.
  }
  return begun;
}

async function watch(client: QueryClient, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let lost = false;
  const onReady = () => {
    // Whatever changed while nobody listened is unknown: all that is shown is asked for again.
    if (lost) void client.invalidateQueries();
    lost = false;
  };
  while (!signal.aborted) {
    failures = (await watchOnce(client, signal, onReady)) ? 0 : failures + 1;
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
