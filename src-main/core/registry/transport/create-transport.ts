import type { LookupFunction, Socket } from 'node:net';
import type { Clock, Logger } from '../../ports.ts';
import { raceAbort } from '../../race-abort.ts';
import { classifyAddress, type ClassifyAddress, resolveAll } from './address-policy.ts';
import { startDeadline } from './deadline.ts';
import { createDispatchers } from './dispatchers.ts';
import { sendFollowing } from './follow.ts';
import { createHearing } from './hearing.ts';
import type { Endpoint, Transport } from './http.ts';
import { toRegistryError } from './node-failure.ts';
import { proxySecrets, type ProxyVariables, systemProxies } from './proxy-environment.ts';
import { redactUrl } from './redact.ts';
import { repeatRead } from './repeat-read.ts';
import type { RequestTrace } from './registry-error.ts';
import { createRequestLog } from './request-log.ts';
import { createRetrier, DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { proxyFor, routeFor } from './route.ts';
import { createScheduler } from './scheduler.ts';
import type { SendContext } from './send.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';
import { waitToGoOn } from './wait-to-go-on.ts';

export type TransportOptions = {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryPolicy>;
  /** Requests under way per host; six when absent. */
  readonly requestsPerHost?: number;
  /** The environment, where HTTPS_PROXY and its like are looked up; no proxy when absent. */
  readonly proxyVariables?: ProxyVariables;
  /** For tests: how names resolve, and where an address counts as being. */
  readonly lookup?: LookupFunction;
  readonly classify?: ClassifyAddress;
};

const REQUESTS_PER_HOST = 6;

/** One per installation. Close it when the app ends: it then drops every connection at once. */
export function createTransport(options: TransportOptions): Transport {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const classify = options.classify ?? classifyAddress;
  const dispatchers = createDispatchers({
    timeouts,
    classify,
    logger: options.logger,
    clock: options.clock,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
  const { logger, clock, lookup } = options;
  const scheduler = createScheduler({ perHost: options.requestsPerHost ?? REQUESTS_PER_HOST, clock });
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const log = createRequestLog(clock);
  const hearing = createHearing(clock);
  const proxies = systemProxies(options.proxyVariables ?? {});
  const secrets = proxySecrets(options.proxyVariables ?? {});
  const shared = { logger, clock, log, hearing, scheduler, dispatchers };
  const context: SendContext = { ...shared, timeouts, retry, classify, proxies, proxySecrets: secrets };
  return {
    scheduler,
    hearing,
    classify,
    log,
    proxySecrets: secrets,
    send: (request) => sendFollowing(request, context),
    createRetrier: (priority, onRetry) => createRetrier(retry, clock, priority, onRetry),
    repeatRead: (work, options) => repeatRead(work, options, context),
    waitToGoOn: (error, options) => waitToGoOn(error, options, context),
    probe: (endpoint, signal) => probe(endpoint, signal, context),
    resolve: (url, signal) => resolve(url, signal, { timeouts, lookup }),
    proxyOf: (endpoint) => proxyOf(endpoint, context),
    close: () => {
      log.close();
      scheduler.close();
      return dispatchers.close();
    },
  };
}

async function probe(endpoint: Endpoint, signal: AbortSignal | undefined, context: SendContext): Promise<Socket> {
  const { url } = endpoint;
  const trace: RequestTrace = { method: 'CONNECT', url: redactUrl(url), hop: 'registry' };
  try {
    signal?.throwIfAborted();
    return await unlessLeft(context.dispatchers.connect(routeFor(endpoint, url, context), url), signal);
  } catch (error) {
    throw toRegistryError(error, { url, registryHost: url.host, trace, signal });
  }
}

/** A connection that is made for who has left meanwhile is closed again. */
async function unlessLeft(connecting: Promise<Socket>, signal: AbortSignal | undefined): Promise<Socket> {
  try {
    return await raceAbort(connecting, signal);
  } catch (error) {
    connecting.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    throw error;
  }
}

function proxyOf(endpoint: Endpoint, { proxies }: SendContext): URL | undefined {
  const { url } = endpoint;
  try {
    return proxyFor(endpoint, url, proxies)?.url;
  } catch (error) {
    const trace: RequestTrace = { method: 'CONNECT', url: redactUrl(url), hop: 'registry' };
    throw toRegistryError(error, { url, registryHost: url.host, trace });
  }
}

async function resolve(
  url: URL,
  signal: AbortSignal | undefined,
  { timeouts, lookup }: { readonly timeouts: Timeouts; readonly lookup: LookupFunction | undefined },
): Promise<readonly string[]> {
  const trace: RequestTrace = { method: 'DNS', url: redactUrl(url), hop: 'registry' };
  const deadline = startDeadline(timeouts.connectMs, signal);
  try {
    return await resolveAll(url.hostname, deadline.signal, lookup);
  } catch (error) {
    throw toRegistryError(error, { url, registryHost: url.host, trace, signal });
  } finally {
    deadline.stop();
  }
}
