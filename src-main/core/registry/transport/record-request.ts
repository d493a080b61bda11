import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../ports.ts';
import { tapBody } from './body-tap.ts';
import { type Answered, bodyBytesToKeep, describeExchange, type Sent } from './exchange.ts';
import type { Headers } from './headers.ts';
import type { Hearing } from './hearing.ts';
import type { Endpoint } from './http.ts';
import { isObject } from './is-object.ts';
import { RegistryError } from './registry-error.ts';
import type { RequestLog } from './request-log.ts';

/** Follows one request from the queue to the end of its body, for the log and for whoever watches the endpoint. */
export type RequestRecord = {
  /** It has left the queue. To be composed with its dispatcher, to see the body go by. */
  sent(): Dispatcher.DispatcherComposeInterceptor;
  /** The headers are there. The entry is written when the body has ended or been dropped. */
  answered(status: number, headers: Headers, body: Readable): void;
  /** There is no answer, or none that may be used. */
  failed(error: RegistryError): void;
};

export type RecordedRequest = Sent & { readonly endpoint: Endpoint; readonly attempt: number };

/** Begins the record at the time the request is asked for. */
export function recordRequest(
  request: RecordedRequest,
  { log, clock, hearing }: { readonly log: RequestLog; readonly clock: Clock; readonly hearing: Hearing },
): RequestRecord {
  const { endpoint, hop, attempt, url } = request;
  const askedAt = clock.now();
  let sentAt: number | undefined;
  let headersAt: number | undefined;
  let failure: string | undefined;
  const tap = tapBody({
    bytesToKeep: (status, headers) => bodyBytesToKeep(request, status, headers),
    onData: () => hearing.note(url.host),
  });

  const since = (at: number | undefined) => (at === undefined ? undefined : Math.max(0, clock.now() - at));
  const write = (answer?: Answered, bodyBytes?: number): void => {
    const totalMs = since(sentAt);
    const entry = log.record({
      at: new Date(askedAt).toISOString(),
      registryHost: endpoint.url.host,
      hop,
      attempt,
      exchange: describeExchange(request, answer),
      queuedMs: Math.max(0, (sentAt ?? clock.now()) - askedAt),
      ...(headersAt === undefined || sentAt === undefined ? {} : { headersMs: Math.max(0, headersAt - sentAt) }),
      ...(totalMs === undefined ? {} : { totalMs }),
      ...(bodyBytes === undefined ? {} : { bodyBytes }),
      ...(failure === undefined ? {} : { failure }),
    });
    endpoint.observe?.({ kind: 'finished', entry });
  };

  return {
    sent: () => {
      sentAt = clock.now();
      return tap.interceptor;
    },
    answered: (status, headers, body) => {
      headersAt = clock.now();
      hearing.note(url.host);
      endpoint.observe?.({ kind: 'answered', hop, status, headers });
      body.once('close', () => {
        failure ??= bodyFailure(body.errored);
        write({ status, headers, bodyStart: tap.start }, tap.bytes);
      });
    },
    failed: (error) => {
      failure = failureText(error);
      const isHeard = sentAt !== undefined && hearing.since(url.host, sentAt);
      endpoint.observe?.({ kind: 'failed', hop, error, isHeard });
      // Who left the queue by themselves has sent nothing.
      const isUnsent = sentAt === undefined && error.kind === 'cancelled';
      if (headersAt === undefined && !isUnsent) write();
    },
  };
}

function failureText({ failure }: RegistryError): string {
  return 'reason' in failure ? `${failure.kind}/${failure.reason}` : failure.kind;
}

/** A body that was dropped because nobody wanted more of it has not failed. */
function bodyFailure(error: unknown): string | undefined {
  if (error === null || error === undefined) return undefined;
  if (error instanceof RegistryError) return failureText(error);
  const code = isObject(error) ? error['code'] : undefined;
  if (code === 'UND_ERR_ABORTED') return undefined;
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'DeadlineError')) {
    return error.name === 'AbortError' ? 'cancelled' : 'network/timeout';
  }
  return 'network/truncated';
}
