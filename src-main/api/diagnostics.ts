import type { LogEntry } from '#shared/api/diagnostics.ts';
import type { LogEntry as EngineEntry } from '../core/registry/transport/request-log.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';
import { toExchange } from './to-exchange.ts';

/** `diagnostics.*` */
export function diagnosticsHandlers(os: Implementer, { requestLog }: Services) {
  return {
    watch: os.diagnostics.watch.handler(({ input: { registryHost }, signal }) =>
      stoppableStream(signal, async function* (signal) {
        for await (const entries of requestLog.watch(signal, registryHost)) yield { entries: entries.map(toEntry) };
      }),
    ),

    clear: os.diagnostics.clear.handler(() => ({ cleared: requestLog.clear() })),
  };
}

function toEntry(entry: EngineEntry): LogEntry {
  if (entry.kind === 'decision') return { ...entry };
  return { ...entry, exchange: toExchange(entry.exchange) };
}
