import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificates.ts';
import { append, behave } from './upload-behaviour.ts';

/** What a request is for. */
export type Step =
  | 'start'
  | 'mount'
  | 'chunk'
  | 'close'
  | 'status'
  | 'cancel'
  | 'head-blob'
  | 'get-blob'
  | 'put-manifest'
  | 'get-manifest'
  | 'head-manifest'
  | 'other';

/** One request as it arrived; `body` grows while it comes in. */
export type Arrival = {
  readonly step: Step;
  /** The how-manieth of its step, from 1. */
  readonly nth: number;
  readonly method: string;
  /** Path and query as on the wire. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly socket: Socket;
  /** Reads the body to its end, or until so many bytes are there. */
  read(mostBytes?: number): Promise<Buffer>;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
};

/** Undefined: answer as a good registry does. `silence`: nothing is answered, whatever was done to the socket. */
export type Interference = (arrival: Arrival, registry: UploadRegistry) => Promise<Reaction> | Reaction;
export type Reaction = Answer | 'silence' | undefined;

export type FakeSession = { bytes: Buffer; state: number };

export type UploadRegistry = {
  readonly host: string;
  readonly arrivals: readonly Arrival[];
  /** Steps in the order they came: `start close`. */
  readonly steps: string;
  readonly sessions: Map<string, FakeSession>;
  readonly blobs: Map<string, Buffer>;
  /** By tag and by digest. */
  readonly manifests: Map<string, { readonly bytes: Buffer; readonly mediaType: string }>;
  /** All requests with their headers as text, to look for secrets in. */
  readonly received: string;
  /** As a good registry would answer. */
  behave(arrival: Arrival): Promise<Answer>;
  /** Takes so many bytes of the body into the session, and cuts the connection. */
  breakAfter(arrival: Arrival, bytes: number): Promise<'silence'>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type UploadRegistryOptions = {
  readonly interfere?: Interference;
  readonly tls?: Certificate;
  /** `repository@digest` that may be mounted. */
  readonly mountable?: ReadonlySet<string>;
  /** ETags on manifests, and If-Match. */
  readonly hasEtags?: boolean;
};

/** A registry in the test's own process that records every byte it gets, and misbehaves where it is told to. */
export async function startUploadRegistry(options: UploadRegistryOptions = {}): Promise<UploadRegistry> {
  const arrivals: Arrival[] = [];
  const sockets = new Set<Socket>();
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    const arrival = record(message, arrivals);
    arrivals.push(arrival);
    response.on('error', () => undefined);
    void react(arrival, response);
  };
  const server =
    options.tls === undefined
      ? createServer(listener)
      : createTlsServer({ key: options.tls.key, cert: options.tls.certificate }, listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state = {
    sessions: new Map(),
    blobs: new Map(),
    manifests: new Map(),
  } as const satisfies Partial<UploadRegistry>;
  const registry: UploadRegistry = {
    host: `127.0.0.1:${port}`,
    arrivals,
    ...state,
    get steps() {
      return arrivals.map(({ step }) => step).join(' ');
    },
    get received() {
      return arrivals.map(({ method, path, headers }) => `${method} ${path} ${JSON.stringify(headers)}`).join('\n');
    },
    behave: (arrival) => behave(arrival, registry, options),
    breakAfter: async (arrival, bytes) => {
      const taken = await arrival.read(bytes);
      append(registry, arrival, taken.subarray(0, bytes));
      arrival.socket.resetAndDestroy();
      return 'silence';
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };

  const react = async (arrival: Arrival, response: ServerResponse): Promise<void> => {
    try {
      const reaction = (await options.interfere?.(arrival, registry)) ?? (await registry.behave(arrival));
      if (reaction === 'silence') return;
      const body = Buffer.from(reaction.body ?? '');
      response.writeHead(reaction.status, { 'content-length': String(body.length), ...reaction.headers } as never);
      response.end(arrival.method === 'HEAD' ? undefined : body);
    } catch {
      arrival.socket.destroy();
    }
  };
  return registry;
}

function record(message: IncomingMessage, before: readonly Arrival[]): Arrival {
  const { method = '', url: path = '', headers } = message;
  const step = stepOf(method, path);
  const chunks: Buffer[] = [];
  const state = { isOver: false, length: 0, wake: () => {} };
  const end = () => {
    state.isOver = true;
    state.wake();
  };
  message.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    state.length += chunk.length;
    state.wake();
  });
  message.on('end', end).on('error', end).on('close', end);
  const arrival: Arrival = {
    step,
    nth: before.filter((each) => each.step === step).length + 1,
    method,
    path,
    query: new URL(path, 'http://x').searchParams,
    headers,
    get body() {
      return Buffer.concat(chunks);
    },
    socket: message.socket,
    read: async (mostBytes = Number.POSITIVE_INFINITY) => {
      while (!state.isOver && state.length < mostBytes) {
        await new Promise<void>((resolve) => {
          state.wake = resolve;
        });
      }
      return arrival.body;
    },
  };
  return arrival;
}

const STEPS: readonly (readonly [method: string, path: RegExp, step: Step])[] = [
  ['POST', /\/blobs\/uploads\/\?.*mount=/, 'mount'],
  ['POST', /\/blobs\/uploads\//, 'start'],
  ['PATCH', /\/blobs\/uploads\//, 'chunk'],
  ['PUT', /\/blobs\/uploads\//, 'close'],
  ['GET', /\/blobs\/uploads\//, 'status'],
  ['DELETE', /\/blobs\/uploads\//, 'cancel'],
  ['HEAD', /\/blobs\/sha/, 'head-blob'],
  ['GET', /\/blobs\/sha/, 'get-blob'],
  ['PUT', /\/manifests\//, 'put-manifest'],
  ['GET', /\/manifests\//, 'get-manifest'],
  ['HEAD', /\/manifests\//, 'head-manifest'],
];

function stepOf(method: string, path: string): Step {
  return STEPS.find(([verb, pattern]) => verb === method && pattern.test(path))?.[2] ?? 'other';
}
