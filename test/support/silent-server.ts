import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export type SilentServer = {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Resolves with the next socket on which a request has arrived. */
  nextRequest(): Promise<Socket>;
  close(): Promise<void>;
};

/** Takes requests and never answers: a registry that hangs. */
export async function startSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const asked: Socket[] = [];
  const waiting: Array<(socket: Socket) => void> = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      const next = waiting.shift();
      if (next === undefined) asked.push(socket);
      else next(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextRequest: () => {
      const socket = asked.shift();
      return socket === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(socket);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
