import { useQuery, type QueryKey } from '@tanstack/react-query';
import { toApiError } from '../host/index.ts';
import type { Told } from '../lib/pace.ts';
import { queryClient } from './client.ts';

type Event = { readonly kind: string };
type Ready<E extends Event> = Extract<E, { readonly kind: 'ready' }>;
type Progress<E extends Event> = Exclude<E, { readonly kind: 'ready' }>;

/** What is told of an answer on its way stands beside it. */
const keyBeside = (key: QueryKey): QueryKey => ['told', ...key];

function isReady<E extends Event>(event: E): event is Ready<E> {
  return event.kind === 'ready';
}

/**
 * Takes a stream of progress to its end, and gives its last event; `useTold` with the same key sees the others.
 * @throws {ApiError}
 */
export async function readTold<E extends Event>(
  key: QueryKey,
  signal: AbortSignal,
  open: () => Promise<AsyncIterable<E>>,
): Promise<Ready<E>> {
  const startedMs = performance.now();
  const tell = (told: Told<E> | null) => {
    queryClient.setQueryData(keyBeside(key), told);
  };
  try {
    for await (const event of await open()) {
      if (isReady(event)) return event;
      tell({ event, elapsedMs: performance.now() - startedMs });
    }
  } finally {
    tell(null);
  }
  // The stream ends before its last event only when somebody stopped it.
  throw toApiError(signal.reason ?? new DOMException('stopped', 'AbortError'));
}

/** How far the answer under a key is; undefined while nobody waits for it. */
export function useTold<E extends Event>(key: QueryKey): Told<Progress<E>> | undefined {
  const { data } = useQuery<Told<Progress<E>> | null>({
    queryKey: keyBeside(key),
    queryFn: () => Promise.reject(new Error('told by the stream')),
    enabled: false,
  });
  return data ?? undefined;
}
