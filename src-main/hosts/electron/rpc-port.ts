import { ipcMain, type IpcMainEvent, type MessagePortMain, type WebContents } from 'electron';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { wireSerializers } from '#shared/api/wire.ts';
import type { Logger } from '../../core/ports.ts';
import { guardPort } from './guarded-port.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** The only channel. The preload and the renderer's host/message-port-link.ts use the same name. */
const HAND_OVER = 'gantry:port';

export type RpcPortOptions = { readonly router: AnyRouter; readonly logger: Logger };

/**
 * Takes a port from each page that asks and answers the contract on it. One port a window: a new one, a navigation, a
 * crash or the end of the window closes the last, and with it every call and stream of the page that is gone.
 */
export function servePorts({ router, logger }: RpcPortOptions): void {
  const handler = new RPCHandler(router, { customJsonSerializers: wireSerializers });
  const ports = new WeakMap<WebContents, MessagePortMain>();

  const close = (contents: WebContents) => {
    ports.get(contents)?.close();
    ports.delete(contents);
  };

  ipcMain.on(HAND_OVER, (event) => {
    const [port, ...others] = event.ports;
    if (port === undefined || others.length > 0 || !isTrustedSender(event)) {
      logger.log('warn', 'rpc.port-refused', { url: event.senderFrame?.url });
      for (const refused of event.ports) refused.close();
      return;
    }
    if (ports.has(event.sender)) close(event.sender);
    else closeWithPage(event, () => close(event.sender));
    ports.set(event.sender, port);
    handler.upgrade(guardPort(port, logger), { context: {} });
    port.start();
  });
}

function closeWithPage({ sender }: IpcMainEvent, close: () => void): void {
  sender.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) close();
  });
  sender.on('render-process-gone', close);
  sender.on('destroyed', close);
}
