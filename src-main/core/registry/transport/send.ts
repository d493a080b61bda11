import type { Dispatcher } from 'undici';
import type { Clock, Logger } from '../../ports.ts';
import type { ClassifyAddress } from './address-policy.ts';
import { checkEncoding, checkSingleLength, discard } from './body.ts';
import { watchBody } from './body-watch.ts';
import type { Dispatchers } from './dispatchers.ts';
import type { Headers } from './headers.ts';
import type { Hearing } from './hearing.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { toCancelled, toRegistryError } from './node-failure.ts';
import type { SystemProxies } from './proxy-environment.ts';
import { recordRequest, type RequestRecord } from './record-request.ts';
import { redactUrl } from './redact.ts';
import { type Hop, RegistryError, type RequestTrace } from './registry-error.ts';
import type { RequestLog } from './request-log.ts';
import type { RetryPolicy } from './retry.ts';
import { routeFor } from './route.ts';
import type { Release } from './host-queue.ts';
import type { Scheduler } from './scheduler.ts';
import { BodySourceError, isStreamed, lengthHeader, startSending } from './sending.ts';
import type { Timeouts } from './timeouts.ts';

/** What the requests of one installation share. */
export type SendContext = {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly timeouts: Timeouts;
  readonly dispatchers: Dispatchers;
  readonly scheduler: Scheduler;
  readonly hearing: Hearing;
  readonly retry: RetryPolicy;
  readonly classify: ClassifyAddress;
  readonly proxies: SystemProxies;
  readonly proxySecrets: readonly string[];
};

/** One request of a chain: the one that was asked for, or what a redirect made of it. */
export type HopRequest = {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly hop: Hop;
  /** 1 for the first try. */
  readonly attempt: number;
};

type Sending = {
  readonly hopRequest: HopRequest;
  readonly headers: Headers & Readonly<Record<string, string>>;
  readonly trace: RequestTrace;
  readonly record: RequestRecord;
};

const USER_AGENT = 'gantry/0.1';

/**
 * Sends one request as soon as its host has a place free.
 * @throws {RegistryError}; what the source of a streamed body threw, as it is
 */
export async function sendOnce(hopRequest: HopRequest, context: SendContext): Promise<HttpResponse> {
  const { request, url } = hopRequest;
  const sending = prepare(hopRequest, context);
  const { record, trace } = sending;
  const started = context.clock.now();
  let release = () => {};
  try {
    release = await enterQueue(hopRequest, context);
    const response = await dispatch(sending, record.sent(), context);
    if (response.body.closed) release();
    else response.body.once('close', release);
    log(context, response.trace, started);
    return response;
  } catch (error) {
    release();
    if (error instanceof BodySourceError) throw sourceFailure(error, sending, request.signal);
    const registryHost = request.endpoint.url.host;
    const mapped = toRegistryError(error, { url, registryHost, trace, signal: request.signal });
    record.failed(mapped);
    log(context, mapped.trace ?? trace, started, mapped);
    throw mapped;
  }
}

/** Whoever sends is told the source's own error; the receiver is not blamed for it, neither in the log nor in its health. */
function sourceFailure(
  { cause }: BodySourceError,
  { record, trace }: Sending,
  signal: AbortSignal | undefined,
): unknown {
  record.failed(new RegistryError({ kind: 'cancelled' }, trace));
  return signal?.aborted === true ? toCancelled(cause) : cause;
}

/** Waits for a place; where the whole host stands still, that is told. */
async function enterQueue({ request, url }: HopRequest, { scheduler }: SendContext): Promise<Release> {
  const { endpoint, priority, signal, skipsQueue, body, isBulk = false } = request;
  if (skipsQueue === true) return () => undefined;
  const asked = { priority, signal, bulk: isStreamed(body) ? 'upload' : isBulk ? 'download' : undefined } as const;
  const pause = scheduler.pauseOf(url.host);
  if (pause === undefined) return scheduler.acquire(url.host, asked);
  const wait = { ...pause };
  endpoint.observe?.({ kind: 'waiting', wait });
  try {
    return await scheduler.acquire(url.host, asked);
  } finally {
    endpoint.observe?.({ kind: 'resumed', wait });
  }
}

function prepare(hopRequest: HopRequest, context: SendContext): Sending {
  const { request, url, hop, authorization, attempt } = hopRequest;
  // Who names secrets has the proxies' among them.
  const { endpoint, method, secrets = context.proxySecrets } = request;
  const headers = {
    'accept-encoding': 'identity',
    'user-agent': USER_AGENT,
    ...request.headers,
    ...lengthHeader(request.body),
    ...(authorization === undefined ? {} : { authorization }),
  };
  return {
    hopRequest,
    headers,
    trace: { method, url: redactUrl(url, secrets), hop, ...(attempt > 1 ? { attempts: attempt } : {}) },
    record: recordRequest({ endpoint, method, url, hop, headers, secrets, attempt }, context),
  };
}

async function dispatch(
  { hopRequest, headers, trace, record }: Sending,
  tap: Dispatcher.DispatcherComposeInterceptor,
  context: SendContext,
): Promise<HttpResponse> {
  const { request, url } = hopRequest;
  const route = routeFor(request.endpoint, url, context);
  const sent = startSending(request, context.timeouts);
  try {
    const answer = await context.dispatchers.request(route, url, {
      method: request.method,
      signal: sent.signal,
      headers,
      tap,
      // The first lost connection is made up for at once by the dispatcher; further ones wait for their turn.
      idempotent: hopRequest.attempt === 1 && (request.method === 'GET' || request.method === 'HEAD'),
      // It would run while a body is sent, and a registry may store for longer: `sent.signal` bounds both.
      ...(isStreamed(request.body) || request.commits === true ? { headersTimeout: 0 } : {}),
      // undici gives up a connection after a HEAD unless told not to; every row of a list would open one.
      ...(request.method === 'HEAD' ? { reset: false } : {}),
      ...(sent.body === undefined ? {} : { body: sent.body }),
    });
    sent.answered();
    answer.body.once('close', () => sent.end());
    const answered: RequestTrace = { ...trace, status: answer.statusCode };
    record.answered(answer.statusCode, answer.headers, answer.body);
    const registryHost = request.endpoint.url.host;
    const errorContext = { url, registryHost, trace: answered, signal: request.signal };
    watchBody(answer.body, answer.headers, context.timeouts.slowBodyMs);
    try {
      checkSingleLength(answer.headers, answered);
      checkEncoding(answer.headers, answered);
    } catch (error) {
      discard(answer.body);
      throw error;
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body,
      url,
      trace: answered,
      mapError: (error) => toRegistryError(error, errorContext),
    };
  } catch (error) {
    sent.end();
    throw sent.sourceFailure() ?? error;
  }
}

function log({ logger, clock }: SendContext, trace: RequestTrace, started: number, error?: RegistryError): void {
  const durationMs = Math.round(clock.now() - started);
  // A row scrolled away or a page closed is everyday life, not a warning.
  const isEveryday = error === undefined || error.kind === 'cancelled';
  logger.log(isEveryday ? 'debug' : 'warn', 'registry.request', {
    method: trace.method,
    url: trace.url,
    hop: trace.hop,
    status: trace.status,
    durationMs,
    ...(error === undefined ? {} : { error: error.message }),
  });
}
