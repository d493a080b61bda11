import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import type { BackendRouter, PageFiles } from '#main/api/create-backend.ts';
import { guardPort } from '#main/hosts/electron/guarded-port.ts';
import { loadUiFiles } from '#main/hosts/ui-files.ts';
import { startWebServer } from '#main/hosts/web/http-server.ts';
import { createSessions } from '#main/hosts/web/session.ts';
import type { Contract } from '#shared/api/contract.ts';
import { wireSerializers } from '#shared/api/wire.ts';
import { recordingLogger } from './recording-logger.ts';

/** Streams beside the calls have tests of their own. */
const NO_FILES: PageFiles = {
  receive: () => Promise.resolve({ kind: 'cancelled' }),
  takeDownload: () => Promise.resolve(undefined),
};

/** What the page calls, whatever carries it. */
export type ApiClient = ContractRouterClient<Contract>;
export type Connected = { readonly client: ApiClient; close(): Promise<void> };
export type Connect = (router: BackendRouter) => Promise<Connected>;

/** No transport at all: calls go straight to the router. */
export const connectInMemory: Connect = (router) =>
  Promise.resolve({ client: createRouterClient(router), close: () => Promise.resolve() });

/** A MessagePort behind the guard of the Electron host. */
export const connectByPort: Connect = (router) => {
  const { port1, port2 } = new MessageChannel();
  const raw = {
    on: (event: string, listener: (message: { data: unknown }) => void) =>
      port2.on(event, (data: unknown) => listener({ data })),
    postMessage: (data: unknown) => port2.postMessage(data),
  };
  new PortHandler(router, { customJsonSerializers: wireSerializers }).upgrade(guardPort(raw, recordingLogger()));
  const client: ApiClient = createORPCClient(new PortLink({ port: port1, customJsonSerializers: wireSerializers }));
  port1.start();
  return Promise.resolve({
    client,
    close: () => {
      port1.close();
      return Promise.resolve();
    },
  });
};

/** The web host's own server on loopback, guard and token included. */
export const connectByHttp: Connect = async (router) => {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-ui-'));
  writeFileSync(join(dir, 'index.html'), '<!doctype html>');
  const sessions = createSessions(() => Date.now());
  const uiFiles = await loadUiFiles(dir);
  const server = await startWebServer({ router, files: NO_FILES, uiFiles, sessions, logger: recordingLogger() }, 0);
  const origin = `http://127.0.0.1:${server.port}`;
  const headers = { origin, 'x-gantry-token': sessions.exchange(sessions.newCode()) };
  const client: ApiClient = createORPCClient(
    new FetchLink({ url: `${origin}/rpc`, headers, customJsonSerializers: wireSerializers }),
  );
  return {
    client,
    close: async () => {
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
};

export const TRANSPORTS: ReadonlyArray<readonly [name: string, connect: Connect]> = [
  ['memory', connectInMemory],
  ['MessagePort', connectByPort],
  ['HTTP', connectByHttp],
];
