import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Priority } from '../registry-client.ts';
import type { ClassifyAddress } from './address-policy.ts';
import type { Headers } from './headers.ts';
import type { Hearing } from './hearing.ts';
import type { Hop, RegistryError, RequestTrace } from './registry-error.ts';
import type { RequestLog } from './request-log.ts';
import type { Retrier } from './retry.ts';
import type { Endpoint } from './route.ts';
import type { Scheduler } from './scheduler.ts';

export type { Endpoint } from './route.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A body that is sent as it is read, and never kept. */
export type StreamedBody = {
  /** Exactly so many bytes come; at least one. */
  readonly sizeBytes: number;
  /**
   * The bytes from their beginning, once for each time the request is sent, so many pieces at a time as lie ready;
   * nothing is read before there is a connection. What it throws is thrown by `send` as it is.
   */
  read(): AsyncIterable<readonly Uint8Array[]>;
};

export type HttpRequest = {
  readonly endpoint: Endpoint;
  readonly method: Method;
  readonly url: URL;
  /** `redirect` for an address that the registry gave and that is not its own. */
  readonly hop: Hop;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whole and small (a form, a manifest), or streamed. Never logged. */
  readonly body?: string | Uint8Array | StreamedBody | undefined;
  /** The server has something to store before it answers, so that it is given more time for it. */
  readonly commits?: boolean | undefined;
  /** The answer's body is large: a `transfer` then waits in a line of its own, behind which nothing small stands. */
  readonly isBulk?: boolean | undefined;
  /** May be sent again after a failure. GET and HEAD may when absent, others may not. */
  readonly repeatable?: boolean | undefined;
  /** Of the operation that this is a part of; one for all hops of this request when absent. */
  readonly retrier?: Retrier | undefined;
  /** `open` when absent. */
  readonly priority?: Priority | undefined;
  /** Sent at once, past the queue and its pauses: for what asks whether anybody is there, and seldom. */
  readonly skipsQueue?: boolean | undefined;
  /** Sent to exactly the origin of `url`; once a redirect leaves it, never again (SECURITY-CASES V5, R09). */
  readonly authorization?: string | undefined;
  /** `refuse` for token calls: a redirect comes back as the answer it is (A07). Only GET and HEAD are ever followed. */
  readonly redirects: 'follow' | 'refuse';
  /**
   * What to send to a redirect's target that answered 401, for that target's origin only; undefined to leave it at
   * that. Never the registry's own credential (SECURITY-CASES R08).
   */
  readonly answerRedirectChallenge?:
    | ((refused: HttpResponse, signal: AbortSignal | undefined) => Promise<string | undefined>)
    | undefined;
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

/** On whose behalf something is read, and what may be spent on reading it again. */
export type ReadOptions = {
  readonly endpoint: Endpoint;
  readonly signal?: AbortSignal | undefined;
  readonly retrier: Retrier;
};

/** What all clients of one installation share: connections, and the queue of each host. */
export type Transport = {
  /** @throws {RegistryError} `network`, `tls`, `untrusted-host`, `protocol`, `too-large`, `cancelled`; any status is an answer */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** For the requests of one operation, counted from now on; `open` when the priority is absent. See `createRetrier`. */
  createRetrier(priority?: Priority, onRetry?: (text: string) => void): Retrier;
  /**
   * Runs something that reads an answer to its end, and again when the connection is lost in the middle of it.
   * @throws {RegistryError}
   */
  repeatRead<T>(work: () => Promise<T>, options: ReadOptions): Promise<T>;
  /**
   * Waits until it is time to go on with something that failed half done; `hasBegun` when the server was there before.
   * @throws the failure itself when nothing is to be tried any more
   */
  waitToGoOn(error: unknown, options: ReadOptions & { readonly hasBegun?: boolean }): Promise<void>;
  /** The addresses a host name has now. @throws {RegistryError} `network{dns}`, `network{timeout}`, `cancelled` */
  resolve(url: URL, signal?: AbortSignal): Promise<readonly string[]>;
  /** Connects to a registry as a request would, and hands over the open socket. @throws {RegistryError} */
  probe(endpoint: Endpoint, signal?: AbortSignal): Promise<Socket>;
  /** The proxy that requests to the registry itself go through; undefined for none. @throws {RegistryError} `network{proxy}` */
  proxyOf(endpoint: Endpoint): URL | undefined;
  /** What signs us in at proxies, in every spelling: a proxy or who is behind it may echo it. */
  readonly proxySecrets: readonly string[];
  readonly scheduler: Scheduler;
  readonly hearing: Hearing;
  readonly classify: ClassifyAddress;
  /** What went over the wire, and what was decided: `log.decide(endpoint.url.host, 'credential from ...')`. */
  readonly log: RequestLog;
  close(): Promise<void>;
};
