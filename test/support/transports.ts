import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { RPCHandler as HttpHandler } from '@orpc/server/node';
import type { BackendRouter } from '#main/api/create-backend.ts';
import type { Contract } from '#shared/api/contract.ts';

/** What the page calls, whatever carries it. */
export type ApiClient = ContractRouterClient<Contract>;
export type Connected = { readonly client: ApiClient; close(): Promise<void> };
export type Connect = (router: BackendRouter) => Promise<Connected>;

/** No transport at all: calls go straight to the router. */
export const connectInMemory: Connect = (router) =>
  Promise.resolve({ client: createRouterClient(router), close: () => Promise.resolve() });

/** A MessagePort, as the Electron window has. */
export const connectByPort: Connect = (router) => {
  const { port1, port2 } = new MessageChannel();
  new PortHandler(router).upgrade(port2);
  const client: ApiClient = createORPCClient(new PortLink({ port: port1 }));
  port1.start();
  port2.start();
  return Promise.resolve({
    client,
    close: () => {
      port1.close();
      return Promise.resolve();
    },
  });
};

/** HTTP on loopback, as the web host has, without its guard. */
export const connectByHttp: Connect = async (router) => {
  const handler = new HttpHandler(router);
  const server = createServer((request, response) => {
    void (async () => {
      const { matched } = await handler.handle(request, response, { prefix: '/rpc' });
      if (!matched) response.writeHead(404).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client: ApiClient = createORPCClient(new FetchLink({ url: `http://127.0.0.1:${port}/rpc` }));
  return {
    client,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const TRANSPORTS: ReadonlyArray<readonly [name: string, connect: Connect]> = [
  ['memory', connectInMemory],
  ['MessagePort', connectByPort],
  ['HTTP', connectByHttp],
];
