import type { Change } from '#shared/api/changes.ts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../host/index.ts';
import { assertNever } from '../lib/assert-never.ts';
import { askAgain } from './ask-again.ts';
import { orpc } from './client.ts';
import { keepWatching } from './keep-watching.ts';
import { isOf } from './registries.ts';

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

/**
 * The first answers of a page may come before its stream of changes: what the engine can tell without a request to a
 * registry is asked for once more. A list just read is let be.
 */
function askEngineAgain(client: QueryClient): void {
  for (const area of [orpc.health, orpc.registries.list, orpc.repositories.pins, orpc.settings]) {
    askAgain(client, { queryKey: area.key() });
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

/** Keeps what is on screen in step with what is stored, here or by another window. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const watcher = {
      open: () => api.changes.watch(undefined, { signal }),
      // Whatever changed while nobody listened is unknown.
      onBegin: (again: boolean) => {
        if (again) void client.invalidateQueries();
        else askEngineAgain(client);
      },
      onEvent: createApplier(client, signal),
    };
    void keepWatching(watcher, signal);
    return () => {
      controller.abort();
    };
  }, [client]);
}
