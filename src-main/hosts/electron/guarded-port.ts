import type { Logger } from '../../core/ports.ts';
import { isCallMessage } from './call-message.ts';

/** What is used of Electron's MessagePortMain. */
export type RawPort = {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(data: unknown): void;
};

type Listener = (event?: { readonly data: unknown }) => void;

/**
 * A port as oRPC's handler sees it: only well-formed calls arrive, and nothing is sent after the end, when answers
 * still come from calls that were under way.
 */
export function guardPort(port: RawPort, logger: Logger) {
  let open = true;
  port.on('close', () => {
    open = false;
  });
  return {
    on: (event: string, listener: Listener): void => {
      if (event === 'close') port.on('close', () => listener());
      if (event !== 'message') return;
      port.on('message', ({ data }) => {
        if (isCallMessage(data)) listener({ data });
        else logger.log('warn', 'rpc.message-refused', { type: typeof data });
      });
    },
    postMessage: (data: unknown): void => {
      if (open) port.postMessage(data);
    },
  };
}
