import type { BytesProgress } from '#shared/api/progress.ts';
import type { Clock } from '../core/ports.ts';
import { whileWorking } from '../core/while-working.ts';

/** Of bytes where nothing else is said. */
type Bytes = Omit<BytesProgress, 'kind'>;

type Event<P> = { readonly kind: 'progress' } & P;

/** Work that tells how far it is as it goes, as events of a stream; what it comes to is returned. */
export async function* progressed<T, P extends object = Bytes>(
  clock: Clock,
  signal: AbortSignal,
  work: (tell: (progress: P) => void, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<Event<NoInfer<P>>, T, void> {
  return yield* whileWorking<Event<P>, T>({
    clock,
    signal,
    work: (tell, signal) => work((progress) => tell({ kind: 'progress', ...progress }), signal),
  });
}
