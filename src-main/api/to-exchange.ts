import type { Exchange } from '#shared/api/registries.ts';
import type { Exchange as EngineExchange } from '../core/registry/transport/exchange.ts';

/** A request and its answer as they cross the wire; redacted where they were recorded. */
export function toExchange(exchange: EngineExchange): Exchange {
  return {
    ...exchange,
    requestHeaders: exchange.requestHeaders.map(([name, value]) => [name, value]),
    responseHeaders: exchange.responseHeaders.map(([name, value]) => [name, value]),
  };
}
