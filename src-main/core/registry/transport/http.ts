import type { LookupFunction, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Clock, Logger } from '../../ports.ts';
import { classifyAddress, type ClassifyAddress, resolveAll } from './address-policy.ts';
import { checkEncoding, checkSingleLength, discard } from './body.ts';
import { watchBody } from './body-watch.ts';
import { createDispatchers, type Dispatchers, type Route } from './dispatchers.ts';
import { type Headers } from './headers.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { LIMITS } from './limits.ts';
import { DeadlineError, toRegistryError } from './node-failure.ts';
import { redactUrl } from './redact.ts';
import { isRedirect, redirectTarget } from './redirect.ts';
import { type Hop, RegistryError, type RequestTrace } from './registry-error.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';

/** The registry on whose behalf a request is made: what a person named, with what they allowed for it. */
export type Endpoint = {
  /** `scheme://host:port` of the API. */
  readonly url: URL;
  readonly skipVerification: boolean;
};

export type HttpRequest = {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly hop: 'registry' | 'token';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to exactly the origin of `url`; once a redirect leaves it, never again (SECURITY-CASES V5, R09). */
  readonly authorization?: string | undefined;
  /** `refuse` for token calls: a redirect comes back as the answer it is (A07). */
  readonly redirects: 'follow' | 'refuse';
  readonly signal?: AbortSignal | undefined;
  /** Never repeated in a trace or in the log, though a server may put them into an address (SECURITY-CASES A09). */
  readonly secrets?: readonly string[] | undefined;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Headers;
  /** Must be read to its end or destroyed: until then it holds one of the host's places. */
  readonly body: Readable;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly trace: RequestTrace;
  /** Turns what `body` throws into a `RegistryError`. */
  mapError(error: unknown): RegistryError;
};

/** What all clients of one installation share: connections, and the queue of each host. */
export type Transport = {
  /** @throws {RegistryError} `network`, `tls`, `untrusted-host`, `protocol`, `too-large`, `cancelled`; any status is an answer */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** The addresses a host name has now. @throws {RegistryError} `network{dns}`, `network{timeout}`, `cancelled` */
  resolve(url: URL, signal?: AbortSignal): Promise<readonly string[]>;
  /** Connects to a registry as a request would, and hands over the open socket. @throws {RegistryError} */
  probe(endpoint: Endpoint, signal?: AbortSignal): Promise<Socket>;
  readonly limiter: Limiter;
  readonly classify: ClassifyAddress;
  close(): Promise<void>;
};

export type TransportOptions = {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timeouts?: Partial<Timeouts>;
  /** Requests under way per host; six when absent. */
  readonly requestsPerHost?: number;
  /** For tests: how names resolve, and where an address counts as being. */
  readonly lookup?: LookupFunction;
  readonly classify?: ClassifyAddress;
};

const USER_AGENT = 'gantry/0.1';
const REQUESTS_PER_HOST = 6;

type Context = {
  readonly options: TransportOptions;
  readonly timeouts: Timeouts;
  readonly dispatchers: Dispatchers;
  readonly limiter: Limiter;
  readonly classify: ClassifyAddress;
};

/** One per installation. Close it when the app ends: it then drops every connection at once. */
export function createTransport(options: TransportOptions): Transport {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const classify = options.classify ?? classifyAddress;
  const dispatchers = createDispatchers({
    timeouts,
    classify,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
  const limiter = createLimiter(options.requestsPerHost ?? REQUESTS_PER_HOST);
  const context: Context = { options, timeouts, dispatchers, limiter, classify };
  return {
    limiter,
    classify,
    send: (request) => sendFollowing(request, context),
    probe: (endpoint, signal) => probe(endpoint, signal, context),
    resolve: (url, signal) => resolve(url, signal, context),
    close: () => dispatchers.close(),
  };
}

/** Follows redirects by hand, each hop judged anew. Spec: RFC 9110, 15.4; SECURITY-CASES R01–R09. */
async function sendFollowing(request: HttpRequest, context: Context): Promise<HttpResponse> {
  let url = request.url;
  let authorization = request.authorization;
  let hop: Hop = request.hop;
  for (let redirects = 0; ; redirects += 1) {
    const response = await sendOnce({ request, url, authorization, hop }, context);
    if (request.redirects === 'refuse' || !isRedirect(response.status)) return response;
    discard(response.body);
    if (redirects === LIMITS.redirects) {
      const detail = `more than ${LIMITS.redirects} redirects`;
      throw new RegistryError({ kind: 'protocol', reason: 'redirect', detail }, response.trace);
    }
    const target = redirectTarget({
      from: url,
      headers: response.headers,
      reach: context.dispatchers.reachOf(request.endpoint.url.hostname),
      registryUrl: request.endpoint.url,
      classify: context.classify,
      trace: response.trace,
    });
    if (target.origin !== url.origin) authorization = undefined;
    if (target.origin !== request.endpoint.url.origin) hop = 'redirect';
    url = target;
  }
}

type HopRequest = {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly hop: Hop;
};

async function sendOnce(hopRequest: HopRequest, context: Context): Promise<HttpResponse> {
  const { request, url, hop } = hopRequest;
  const trace: RequestTrace = { method: request.method, url: redactUrl(url, request.secrets), hop };
  const errorContext = { url, registryHost: request.endpoint.url.host, trace, signal: request.signal };
  const started = context.options.clock.now();
  let release = () => {};
  try {
    release = await context.limiter.acquire(url.host, request.signal);
    const response = await dispatch(hopRequest, context, trace);
    if (response.body.closed) release();
    else response.body.once('close', release);
    log(context, response.trace, started);
    return response;
  } catch (error) {
    release();
    const mapped = toRegistryError(error, errorContext);
    log(context, mapped.trace ?? trace, started, mapped);
    throw mapped;
  }
}

async function dispatch(hopRequest: HopRequest, context: Context, trace: RequestTrace): Promise<HttpResponse> {
  const { request, url, authorization } = hopRequest;
  const route = routeFor(request.endpoint, url, context);
  const deadline = startDeadline(context.timeouts.connectMs + context.timeouts.headersMs, request.signal);
  try {
    const answer = await context.dispatchers.dispatcher(route).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      signal: deadline.signal,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': USER_AGENT,
        ...request.headers,
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    deadline.stop();
    const answered: RequestTrace = { ...trace, status: answer.statusCode };
    const errorContext = {
      url,
      registryHost: request.endpoint.url.host,
      trace: answered,
      signal: request.signal,
    };
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
  } finally {
    deadline.stop();
  }
}

/** A registry's own origin is what the person named; any other host was named by a server and is judged (V4). */
function routeFor(endpoint: Endpoint, url: URL, context: Context): Route {
  if (url.origin === endpoint.url.origin) return { kind: 'named', skipVerification: endpoint.skipVerification };
  return { kind: 'foreign', from: context.dispatchers.reachOf(endpoint.url.hostname) };
}

/**
 * A signal that follows the caller's and fires by itself when headers take too long. undici's own timers restart
 * with every byte, so one byte a second would hold a place for hours (SECURITY-CASES L02).
 */
function startDeadline(ms: number, signal: AbortSignal | undefined): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlineError(`no answer within ${ms} ms`)), ms);
  timer.unref();
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    stop: () => clearTimeout(timer),
  };
}

async function probe(endpoint: Endpoint, signal: AbortSignal | undefined, context: Context): Promise<Socket> {
  const { url } = endpoint;
  const trace: RequestTrace = { method: 'CONNECT', url: redactUrl(url), hop: 'registry' };
  try {
    signal?.throwIfAborted();
    return await context.dispatchers.connect({ kind: 'named', skipVerification: endpoint.skipVerification }, url);
  } catch (error) {
    throw toRegistryError(error, { url, registryHost: url.host, trace, signal });
  }
}

async function resolve(url: URL, signal: AbortSignal | undefined, context: Context): Promise<readonly string[]> {
  const trace: RequestTrace = { method: 'DNS', url: redactUrl(url), hop: 'registry' };
  const deadline = startDeadline(context.timeouts.connectMs, signal);
  try {
    return await resolveAll(url.hostname, deadline.signal, context.options.lookup);
  } catch (error) {
    throw toRegistryError(error, { url, registryHost: url.host, trace, signal });
  } finally {
    deadline.stop();
  }
}

function log(context: Context, trace: RequestTrace, started: number, error?: RegistryError): void {
  const durationMs = Math.round(context.options.clock.now() - started);
  // A row scrolled away or a page closed is everyday life, not a warning.
  const isEveryday = error === undefined || error.kind === 'cancelled';
  context.options.logger.log(isEveryday ? 'debug' : 'warn', 'registry.request', {
    method: trace.method,
    url: trace.url,
    hop: trace.hop,
    status: trace.status,
    durationMs,
    ...(error === undefined ? {} : { error: error.message }),
  });
}
