import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { Fault, Rule, SeenRequest } from './chaos-faults.ts';

export type ChaosProxy = {
  /** `127.0.0.1:port`: speak to the registry through this. */
  readonly host: string;
  readonly port: number;
  /** In the order they came. */
  readonly requests: readonly SeenRequest[];
  /** Adds a rule; the first that matches strikes. Gives a function that takes it back. */
  add(rule: Rule): () => void;
  clear(): void;
  /** Nobody can connect and everything under way breaks off, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Exchange = { readonly message: IncomingMessage; readonly response: ServerResponse; readonly seen: SeenRequest };

/**
 * Stands between a client and a registry (`host:port`, plain http) and breaks what its rules say, once for each time a
 * rule has. Passes the Host header on, so that addresses the registry makes lead through the proxy again.
 */
export async function startChaosProxy(
  target: string,
  { address = '127.0.0.1', port: wantedPort }: { readonly address?: string; readonly port?: number } = {},
): Promise<ChaosProxy> {
  const requests: SeenRequest[] = [];
  const rules: { readonly rule: Rule; left: number }[] = [];
  const started = performance.now();
  const pick = (seen: SeenRequest): Fault | undefined => {
    const entry = rules.find(({ rule, left }) => left > 0 && rule.match(seen));
    if (entry !== undefined) entry.left -= 1;
    return entry?.rule.fault;
  };
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (message, response) => {
    const { method = '', url: path = '', headers } = message;
    const seen = { method, path, headers, requestBytes: 0, responseBytes: 0, atMs: performance.now() - started };
    requests.push(seen);
    message.on('error', () => undefined);
    response.on('error', () => undefined);
    void serve({ message, response, seen }, target, pick(seen));
  });
  const port = await listen(server, address, wantedPort ?? (await freePort()));
  return {
    host: `${address}:${port}`,
    port,
    requests,
    add: (rule) => {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(entry);
      return () => void rules.splice(rules.indexOf(entry), 1);
    },
    clear: () => void rules.splice(0),
    down: () => stop(server),
    up: async () => {
      await listen(server, address, port);
    },
    [Symbol.asyncDispose]: () => stop(server),
  };
}

async function serve(exchange: Exchange, target: string, fault: Fault | undefined): Promise<void> {
  const { message, response, seen } = exchange;
  if (fault?.kind === 'delay') await delay(fault.ms);
  if (fault?.kind === 'wait') await fault.until;
  if (fault?.kind === 'answer') {
    message.resume();
    seen.status = fault.status;
    response.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  forward(exchange, target, fault);
}

function forward({ message, response, seen }: Exchange, target: string, fault: Fault | undefined): void {
  const { range, ...rangeless } = message.headers;
  const headers = fault?.kind === 'ignore-range' || range === undefined ? rangeless : message.headers;
  const [host, port] = target.split(':');
  const upstream = httpRequest({ host, port, method: message.method, path: message.url, headers, agent: false });
  const breakOff = () => {
    upstream.destroy();
    response.socket?.resetAndDestroy();
  };
  upstream.on('error', breakOff);
  response.once('close', () => {
    if (!response.writableFinished) seen.isBrokenOff = true;
    upstream.destroy();
  });
  upstream.on('response', (answer) => passBack(answer, { message, response, seen }, fault));
  message.on('data', (chunk: Buffer) => {
    seen.requestBytes += chunk.length;
    if (fault?.kind === 'reset-request' && seen.requestBytes >= fault.afterBytes) breakOff();
  });
  message.pipe(upstream);
}

function passBack(answer: IncomingMessage, { response, seen }: Exchange, fault: Fault | undefined): void {
  answer.on('error', () => response.socket?.resetAndDestroy());
  if (fault?.kind === 'lose-answer') {
    answer.resume().once('close', () => response.socket?.resetAndDestroy());
    return;
  }
  if (fault?.kind === 'hold-answer') {
    answer.resume().once('close', fault.onAnswer);
    return;
  }
  seen.status = answer.statusCode ?? 502;
  const headers = { ...answer.headers };
  if (fault?.kind === 'content-range') headers['content-range'] = fault.value;
  if (headers['content-range'] === undefined) delete headers['content-range'];
  if (fault?.kind === 'end-response' && !fault.keepLength) {
    delete headers['content-length'];
    headers['connection'] = 'close';
    response.useChunkedEncodingByDefault = false;
  }
  response.writeHead(seen.status, headers);
  answer.pipe(breaking(response, seen, fault)).pipe(response);
}

/** Passes bytes on until the fault strikes. */
function breaking(response: ServerResponse, seen: SeenRequest, fault: Fault | undefined): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const before = seen.responseBytes;
      seen.responseBytes += chunk.length;
      if (fault === undefined) return callback(null, chunk);
      if (fault.kind === 'flip-bit' && fault.atByte >= before && fault.atByte < seen.responseBytes) {
        const flipped = Buffer.from(chunk);
        flipped[fault.atByte - before]! ^= 1;
        return callback(null, flipped);
      }
      if (fault.kind === 'throttle') {
        setTimeout(() => callback(null, chunk), (chunk.length / fault.bytesPerSecond) * 1000);
        return;
      }
      if (!('afterBytes' in fault) || fault.kind === 'reset-request' || seen.responseBytes < fault.afterBytes) {
        return callback(null, chunk);
      }
      seen.responseBytes = fault.afterBytes;
      response.write(chunk.subarray(0, fault.afterBytes - before), () => {
        if (fault.kind === 'reset-response') response.socket?.resetAndDestroy();
        if (fault.kind === 'end-response') response.socket?.end();
      });
    },
  });
}

async function listen(server: Server, address: string, port: number): Promise<number> {
  await new Promise<void>((done, fail) => void server.once('error', fail).listen(port, address, done));
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
