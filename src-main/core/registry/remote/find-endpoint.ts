import type { RegistryConnection } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import type { Endpoint, Transport } from '../transport/http.ts';
import { toCancelled } from '../transport/node-failure.ts';
import { isRegistryError, type OtherAttempt, RegistryError } from '../transport/registry-error.ts';
import { apiUrl } from '../transport/route.ts';
import { createSingleFlight } from '../../single-flight.ts';
import { endpointChoices } from './endpoint.ts';

/** Finds out once where a registry's API is, and remembers it. */
export type EndpointFinder = {
  /** The registry as far as it is known without asking: https, unless the person said otherwise. */
  readonly assumed: Endpoint;
  /** Asks the registry only when there is a choice of schemes. A failure is not kept. @throws {RegistryError} */
  find(signal?: AbortSignal): Promise<Endpoint>;
};

/**
 * A finder for one connection, for as long as its client lives.
 * @throws {InvalidInputError} see `endpointChoices`
 */
export function createEndpointFinder(
  connection: RegistryConnection,
  transport: Transport,
  observe?: Endpoint['observe'],
): EndpointFinder {
  const { first, fallback } = endpointChoices(connection, observe);
  const flights = createSingleFlight<Endpoint>();
  let found = fallback === undefined ? first : undefined;
  let isNoted = false;
  return {
    assumed: first,
    find: async (signal) => {
      if (!isNoted) noteProxy(first, transport);
      isNoted = true;
      if (found !== undefined || fallback === undefined) return found ?? first;
      try {
        found = await flights.run('', (flight) => tryBoth(first, fallback, transport, flight), signal);
        if (found === first) connection.onHttpsSeen?.();
        return found;
      } catch (error) {
        throw signal?.aborted === true ? toCancelled(error) : error;
      }
    },
  };
}

/**
 * https, and http when the answer says that there is no TLS. A certificate that is not trusted is no reason: whoever
 * stands in between could bring that about. Nothing secret is sent to find out. Spec: SECURITY-CASES S01, A13.
 */
async function tryBoth(
  first: Endpoint,
  fallback: Endpoint,
  transport: Transport,
  signal: AbortSignal,
): Promise<Endpoint> {
  try {
    await knock(first, transport, signal);
    return first;
  } catch (error) {
    if (!isRegistryError(error) || !saysNoTls(error)) throw error;
    try {
      await knock(fallback, transport, signal);
      transport.log.decide(first.url.host, `plain http, since https did not answer: ${error.message}`);
      return fallback;
    } catch (second) {
      throw isRegistryError(second) ? withOtherAttempt(error, second) : second;
    }
  }
}

function noteProxy(endpoint: Endpoint, transport: Transport): void {
  const proxy = transport.proxyOf(endpoint);
  if (proxy === undefined) return;
  const why = endpoint.proxy.kind === 'server' ? 'given for this registry' : 'of the environment';
  transport.log.decide(endpoint.url.host, `through the proxy ${proxy.host}, ${why}`);
}

/** An unsigned GET /v2/: whatever is answered, somebody speaks this scheme there. */
async function knock(endpoint: Endpoint, transport: Transport, signal: AbortSignal): Promise<void> {
  const url = apiUrl(endpoint, '/v2/');
  const request = { endpoint, method: 'GET', url, hop: 'registry', redirects: 'refuse', signal } as const;
  // What does not speak TLS often just hangs up: that is an answer here, not a lost connection.
  const answer = await transport.send({ ...request, repeatable: false });
  discard(answer.body);
}

function saysNoTls({ failure }: RegistryError): boolean {
  if (failure.kind === 'tls') return failure.reason === 'not-tls';
  return failure.kind === 'network' && (failure.reason === 'refused' || failure.reason === 'reset');
}

/** Both failures in one: the first one's, with what came of plain http. */
function withOtherAttempt(first: RegistryError, second: RegistryError): RegistryError {
  const { failure, trace } = first;
  if (second.kind === 'cancelled' || (failure.kind !== 'tls' && failure.kind !== 'network')) return second;
  const otherAttempt: OtherAttempt = {
    url: second.trace?.url ?? '',
    reason: 'reason' in second.failure ? second.failure.reason : second.kind,
    detail: 'detail' in second.failure ? (second.failure.detail ?? '') : '',
  };
  return new RegistryError({ ...failure, otherAttempt }, trace, { cause: first });
}
