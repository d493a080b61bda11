import type { ClientContext } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { wireSerializers } from '#shared/api/wire.ts';

/** Calls over a port of our own making, whose other end the preload hands to the main process. */
export function createMessagePortLink(): RPCLink<ClientContext> {
  const { port1, port2 } = new MessageChannel();
  window.postMessage('gantry:port', location.origin, [port2]);
  const link = new RPCLink({ port: port1, customJsonSerializers: wireSerializers });
  port1.start();
  return link;
}
