import type { BytesProgress } from '#shared/api/progress.ts';
import type { Clock } from '../core/ports.ts';
import { whileWorking } from '../core/while-working.ts';

type Bytes = Omit<BytesProgress, 'kind'>;

/** Work that tells of its bytes as it goes, as events of a stream; what it comes to is returned. */
export async function* progressed<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (tell: (progress: Bytes) => void, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<BytesProgress, T, void> {
  return yield* whileWorking<BytesProgress, T>({
    clock,
    signal,
    work: (tell, signal) => work((progress) => tell({ kind: 'progress', ...progress }), signal),
  });
}
