import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A registry far away: `roundTripMs` between question and answer, on each connection, and no limit on its width. */
export type DelayProxy = { readonly host: string; [Symbol.asyncDispose](): Promise<void> };

/**
 * Starts the proxy in a process of its own, so that it takes no time of whoever is measured.
 * @param target `host:port`
 */
export async function startDelayProxy(target: string, roundTripMs: number): Promise<DelayProxy> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, target, String(roundTripMs / 2)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout!, 'data');
  return {
    host: `127.0.0.1:${String(line).trim()}`,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Chunks leave as late as they came, in their order; the end does too. Holds at most what is on its way. */
function passLate(from: Socket, to: Socket, delayMs: number): void {
  let held = 0;
  from.on('data', (chunk: Buffer) => {
    held += chunk.length;
    if (held > MOST_ON_THE_WAY) from.pause();
    setTimeout(() => {
      held -= chunk.length;
      if (from.isPaused()) from.resume();
      if (!to.destroyed) to.write(chunk);
    }, delayMs);
  });
  from.once('end', () => setTimeout(() => to.end(), delayMs));
  from.once('close', () => setTimeout(() => to.destroy(), delayMs + 50));
  from.on('error', () => to.destroy());
}

const MOST_ON_THE_WAY = 8 * 1024 * 1024;

async function main([target = '', oneWay = '0']: readonly string[]): Promise<void> {
  const [host, port] = target.split(':');
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const upstream = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
    passLate(client, upstream, Number(oneWay));
    passLate(upstream, client, Number(oneWay));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log((server.address() as AddressInfo).port);
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
