import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export type ProxiedRequest = {
  /** `CONNECT` for a tunnel, else the method of a request in absolute form. */
  readonly method: string;
  /** `host:port` for a tunnel, the whole URL for a request. */
  readonly target: string;
  /** `Proxy-Authorization`; empty when there was none. */
  readonly proxyAuthorization: string;
  /** The proxy's answer; 200 also for a request that was passed on. */
  readonly status: number;
  /** Every header byte that the proxy itself could read. */
  readonly text: string;
};

export type ForwardProxy = {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ProxiedRequest[];
  readonly received: string;
  [Symbol.asyncDispose](): Promise<void>;
};

export type ForwardProxyOptions = {
  /** Demand these by Basic; others get 407. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** Where a name is found; every name is on 127.0.0.1 when absent. */
  readonly resolve?: (hostname: string) => string;
};

/** A forward proxy as companies have one: CONNECT for https, absolute-form for http; records what it saw. */
export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  const resolve = options.resolve ?? (() => '127.0.0.1');
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  /** Notes the request, and tells whether it may pass. */
  const admit = (message: IncomingMessage): boolean => {
    const { method = '', url: target = '', rawHeaders } = message;
    const proxyAuthorization = message.headers['proxy-authorization'] ?? '';
    const ok = options.basic === undefined || proxyAuthorization === basicHeader(options.basic);
    const text = [`${method} ${target}`, ...rawHeaders].join('\n');
    requests.push({ method, target, proxyAuthorization, status: ok ? 200 : 407, text });
    return ok;
  };
  const server = createServer((message, response) => {
    if (admit(message)) passOn(message, response, resolve);
    else response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
  });
  server.on('connection', track);
  server.on('connect', (message: IncomingMessage, client: Socket, head: Buffer) => {
    if (!admit(message)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${message.url ?? ''}`);
    const upstream = track(connect(Number(port === '' ? 80 : port), resolve(hostname)));
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    client.once('close', () => upstream.destroy());
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    get received() {
      return requests.map(({ text }) => text).join('\n');
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

function basicHeader({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function passOn(message: IncomingMessage, response: ServerResponse, resolve: (hostname: string) => string): void {
  const url = URL.parse(message.url ?? '');
  if (url === null) {
    response.writeHead(400).end();
    return;
  }
  const { 'proxy-authorization': _own, 'proxy-connection': _hop, ...headers } = message.headers;
  const upstream = httpRequest(
    {
      host: resolve(url.hostname),
      port: url.port === '' ? 80 : url.port,
      method: message.method,
      path: `${url.pathname}${url.search}`,
      headers,
      agent: false,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  upstream.once('error', () => response.writeHead(502).end());
  message.pipe(upstream);
}
