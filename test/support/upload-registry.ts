import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificates.ts';
import { digestOf } from './oci-builder.ts';

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

type Session = { bytes: Buffer; state: number };

export type UploadRegistry = {
  readonly host: string;
  readonly arrivals: readonly Arrival[];
  /** Steps in the order they came: `start close`. */
  readonly steps: string;
  readonly sessions: Map<string, Session>;
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
  let wake = () => {};
  let isOver = false;
  const end = () => {
    isOver = true;
    wake();
  };
  let length = 0;
  message.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    wake();
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
      while (!isOver && length < mostBytes) {
        await new Promise<void>((resolve) => {
          wake = resolve;
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

const idOf = (path: string): string => /\/blobs\/uploads\/([^?]+)/.exec(path)?.[1] ?? '';
const referenceOf = (path: string): string => /\/(?:blobs|manifests)\/([^/?]+)/.exec(path)?.[1] ?? '';
const lastOf = (session: Session): string => `0-${Math.max(0, session.bytes.length - 1)}`;
const error = (status: number, code: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ errors: [{ code, message: code }] }),
});

function locationOf(id: string, session: Session): string {
  // A state that would not survive being read and written again.
  return `/v2/acme/web/blobs/uploads/${id}?_state=${session.state}%2F+a==&x`;
}

function append({ sessions }: UploadRegistry, { path }: Arrival, bytes: Buffer): Session | undefined {
  const session = sessions.get(idOf(path));
  if (session === undefined) return undefined;
  session.bytes = Buffer.concat([session.bytes, bytes]);
  session.state += 1;
  return session;
}

async function behave(arrival: Arrival, registry: UploadRegistry, options: UploadRegistryOptions): Promise<Answer> {
  const { step, path, query } = arrival;
  const { sessions, blobs } = registry;
  switch (step) {
    case 'mount': {
      const digest = query.get('mount') ?? '';
      if (options.mountable?.has(`${query.get('from')}@${digest}`) !== true) return start(registry);
      return { status: 201, headers: { location: '/', 'docker-content-digest': digest } };
    }
    case 'start':
      return start(registry);
    case 'chunk':
      return takeChunk(arrival, registry);
    case 'close':
      return close(arrival, registry);
    case 'status': {
      const session = sessions.get(idOf(path));
      if (session === undefined) return error(404, 'BLOB_UPLOAD_UNKNOWN');
      return { status: 204, headers: { location: locationOf(idOf(path), session), range: lastOf(session) } };
    }
    case 'cancel':
      return { status: sessions.delete(idOf(path)) ? 204 : 404 };
    case 'head-blob':
    case 'get-blob':
      return serveBlob(arrival, blobs.get(referenceOf(path)));
    default:
      return behaveWithManifests(arrival, registry, options);
  }
}

function start({ sessions, arrivals }: UploadRegistry): Answer {
  const id = `u${arrivals.length}`;
  const session = { bytes: Buffer.alloc(0), state: 0 };
  sessions.set(id, session);
  return { status: 202, headers: { location: locationOf(id, session), range: '0-0' } };
}

async function takeChunk(arrival: Arrival, registry: UploadRegistry): Promise<Answer> {
  const id = idOf(arrival.path);
  const session = registry.sessions.get(id);
  const bytes = await arrival.read();
  if (session === undefined) return error(404, 'BLOB_UPLOAD_UNKNOWN');
  const first = Number(/^(\d+)-/.exec(String(arrival.headers['content-range'] ?? '0-'))?.[1]);
  if (first !== session.bytes.length) {
    return error(416, 'RANGE_INVALID', { location: locationOf(id, session), range: lastOf(session) });
  }
  append(registry, arrival, bytes);
  return { status: 202, headers: { location: locationOf(id, session), range: lastOf(session) } };
}

async function close(arrival: Arrival, registry: UploadRegistry): Promise<Answer> {
  const bytes = await arrival.read();
  const session = append(registry, arrival, bytes);
  if (session === undefined) return error(404, 'BLOB_UPLOAD_UNKNOWN');
  if (bytes.length < Number(arrival.headers['content-length'])) throw new Error('broken off');
  registry.sessions.delete(idOf(arrival.path));
  const digest = arrival.query.get('digest') ?? '';
  if (digestOf(session.bytes) !== digest) return error(400, 'DIGEST_INVALID');
  registry.blobs.set(digest, session.bytes);
  return { status: 201, headers: { location: '/', 'docker-content-digest': digest } };
}

function serveBlob({ headers }: Arrival, blob: Buffer | undefined): Answer {
  if (blob === undefined) return error(404, 'BLOB_UNKNOWN');
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  if (from === undefined) return { status: 200, headers: { 'content-length': String(blob.length) }, body: blob };
  const range = `bytes ${from}-${blob.length - 1}/${blob.length}`;
  return { status: 206, headers: { 'content-range': range }, body: blob.subarray(Number(from)) };
}

async function behaveWithManifests(
  arrival: Arrival,
  { manifests }: UploadRegistry,
  { hasEtags = false }: UploadRegistryOptions,
): Promise<Answer> {
  const { step, path, headers } = arrival;
  if (path === '/v2/') return { status: 200, body: '{}' };
  if (step === 'other') return error(404, 'NOT_FOUND');
  const reference = referenceOf(path);
  const found = manifests.get(reference);
  const etagOf = (bytes: Buffer) => (hasEtags ? { etag: `"${digestOf(bytes)}"` } : {});
  if (step === 'put-manifest') {
    const bytes = await arrival.read();
    const condition = headers['if-match'];
    if (hasEtags && condition !== undefined && (found === undefined || etagOf(found.bytes).etag !== condition)) {
      return error(412, 'PRECONDITION_FAILED');
    }
    const digest = digestOf(bytes);
    for (const name of [reference, digest]) manifests.set(name, { bytes, mediaType: headers['content-type'] ?? '' });
    return { status: 201, headers: { location: '/', 'docker-content-digest': digest } };
  }
  if (found === undefined) return error(404, 'MANIFEST_UNKNOWN');
  const { bytes, mediaType } = found;
  const described = { 'content-type': mediaType, 'docker-content-digest': digestOf(bytes), ...etagOf(bytes) };
  return { status: 200, headers: { ...described, 'content-length': String(bytes.length) }, body: bytes };
}
