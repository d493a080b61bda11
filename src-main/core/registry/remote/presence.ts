import type { Presence } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import type { Endpoint, Transport } from '../transport/http.ts';
import { apiUrl } from '../transport/route.ts';

/**
 * Whether a registry can be reached, told apart from one that is busy, with our own requests or with others: it is
 * asked past the queue, and whatever comes from it while it is asked counts as its answer.
 */
export function createPresence(deps: {
  readonly transport: Transport;
  /** `host:port` of the API. */
  readonly host: string;
  readonly find: (signal: AbortSignal) => Promise<Endpoint>;
}): Presence {
  const { transport, host, find } = deps;
  return {
    heardSince: (ms) => transport.hearing.since(host, ms),
    check: async (signal) => {
      const endpoint = await find(signal);
      // Who has us wait until a certain time is there, and need not be asked before that.
      if (transport.scheduler.pauseOf(host) !== undefined) return;
      const settled = new AbortController();
      const either = AbortSignal.any([signal, settled.signal]);
      try {
        await Promise.race([knock(endpoint, transport, either), transport.hearing.next(host, either)]);
      } finally {
        settled.abort();
      }
    },
  };
}

/** Nothing secret goes along, since any answer will do. */
async function knock(endpoint: Endpoint, transport: Transport, signal: AbortSignal): Promise<void> {
  const url = apiUrl(endpoint, '/v2/');
  const request = { endpoint, method: 'GET', url, hop: 'registry', redirects: 'refuse', signal } as const;
  const answer = await transport.send({ ...request, repeatable: false, skipsQueue: true });
  discard(answer.body);
}
