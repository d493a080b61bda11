import type { QueryKey } from '@tanstack/react-query';
import { queryClient } from './client.ts';

/** A question that can be given up while it waits for its answer. */
export type Stopping = {
  /** It was given up before there was an answer. */
  readonly isStopped: boolean;
  readonly stop: () => void;
};

type Asked = { readonly data: unknown; readonly error: unknown; readonly fetchStatus: string };

/** Stopping for a question that is asked by itself: one that is idle without an answer was stopped. */
export function stoppingOf({ data, error, fetchStatus }: Asked, queryKey: QueryKey): Stopping {
  return {
    isStopped: data === undefined && error === null && fetchStatus === 'idle',
    stop: () => void queryClient.cancelQueries({ queryKey, exact: true }),
  };
}
