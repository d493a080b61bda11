import { createServer } from 'node:net';
import { threadId } from 'node:worker_threads';

/** Below what systems hand out by themselves, so that no outgoing connection takes the port before the server is up. */
const FIRST = 20_000;
const COUNT = 12_000;

/** Workers beside each other begin far from each other. */
let next = (process.pid * 97 + threadId * 31) % COUNT;

/**
 * A port nobody listened on a moment ago, and that is not given again for a long time; for servers that cannot take
 * port 0, and for those that come back where they were.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST} on is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
