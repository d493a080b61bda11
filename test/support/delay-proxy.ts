import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A registry far away: `roundTripMs` between question and answer, on each connection, however much is on its way. */
export type DelayProxy = { readonly host: string; [Symbol.asyncDispose](): Promise<void> };

/** What else is bad about a line, in each direction. */
export type PoorLine = {
  /** Of all connections together. */
  readonly bytesPerSecond: number;
  /** One of so many packets is lost: it comes after `LOST_MS` more, and all that was sent after it waits for it. */
  readonly losesOneOf: number;
};

/**
 * Starts the proxy in a process of its own, so that it takes no time of whoever is measured.
 * @param target `host:port`
 */
export async function startDelayProxy(target: string, roundTripMs: number, poor?: PoorLine): Promise<DelayProxy> {
  const line = poor === undefined ? [] : [String(poor.bytesPerSecond), String(poor.losesOneOf)];
  const child: ChildProcess = spawn(
    process.execPath,
    [import.meta.filename, target, String(roundTripMs / 2), ...line],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [port] = await once(child.stdout!, 'data');
  return {
    host: `127.0.0.1:${String(port).trim()}`,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** When the last byte of a chunk comes out at the other end, in milliseconds from now. */
type Line = (bytes: number) => number;

const wideLine =
  (delayMs: number): Line =>
  () =>
    delayMs;

/** One direction of a line that all connections share. */
function poorLine(delayMs: number, { bytesPerSecond, losesOneOf }: PoorLine): Line {
  let freeAt = 0;
  let packets = 0;
  return (bytes) => {
    const before = packets;
    packets += Math.ceil(bytes / PACKET_BYTES);
    const lost = Math.floor(packets / losesOneOf) - Math.floor(before / losesOneOf);
    const now = performance.now();
    freeAt = Math.max(freeAt, now) + (bytes / bytesPerSecond) * 1000 + lost * LOST_MS;
    return freeAt - now + delayMs;
  };
}

/** Chunks leave as late as the line lets them, in their order; the end does too. Holds at most what is on its way. */
function passLate(from: Socket, to: Socket, line: Line): void {
  let held = 0;
  from.on('data', (chunk: Buffer) => {
    held += chunk.length;
    if (held > MOST_ON_THE_WAY) from.pause();
    setTimeout(() => {
      held -= chunk.length;
      if (from.isPaused()) from.resume();
      if (!to.destroyed) to.write(chunk);
    }, line(chunk.length));
  });
  from.once('end', () => setTimeout(() => to.end(), line(0)));
  from.once('close', () => setTimeout(() => to.destroy(), line(0) + 50));
  from.on('error', () => to.destroy());
}

const MOST_ON_THE_WAY = 8 * 1024 * 1024;
const PACKET_BYTES = 1448;
/** What TCP waits at least before it sends a packet again. */
const LOST_MS = 200;

async function main([target = '', oneWay = '0', bytesPerSecond, losesOneOf]: readonly string[]): Promise<void> {
  const [host, port] = target.split(':');
  const direction = (): Line =>
    bytesPerSecond === undefined
      ? wideLine(Number(oneWay))
      : poorLine(Number(oneWay), { bytesPerSecond: Number(bytesPerSecond), losesOneOf: Number(losesOneOf) });
  const [there, back] = [direction(), direction()];
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const upstream = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
    passLate(client, upstream, there);
    passLate(upstream, client, back);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log((server.address() as AddressInfo).port);
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
