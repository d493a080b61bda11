import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt } from '../../build/setup/built.mjs';
import { freePort } from './free-port.ts';

const program = resolve(import.meta.dirname, '../../out/main/web.js');

export type BuiltHost = {
  /** The printed address, with its one-time code. */
  readonly address: string;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly dataDir: string;
  /** Ends the process; the data folder stays until `dispose`. Safe to call twice. */
  stop(): Promise<void>;
  /** Starts a new process on the same port and folder, and gives its address. */
  restart(): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Running = { readonly child: ChildProcess; readonly address: string };

/** Nothing of the person's own is read: an empty home, no Docker config, no session bus and so no keychain. */
function cleanEnvironment(homeDir: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: homeDir, USERPROFILE: homeDir, LANG: 'C.UTF-8' };
}

async function run(dataDir: string, port: string): Promise<Running> {
  const args = [program, '--port', port, '--no-open', '--data-dir', dataDir];
  const env = cleanEnvironment(join(dataDir, 'home'));
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^Gantry: (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { child, address };
  }
  throw new Error('the web host ended before it printed its address');
}

async function end({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

/** The built web host as `npm start` runs it, on a free port over a data folder of its own. */
export async function startBuiltHost(options: { readonly dataDir?: string } = {}): Promise<BuiltHost> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'gantry-host-')));
  await ensureBuilt(process.execPath);
  let running = await run(dataDir, String(await freePort()));
  const { address } = running;
  const { origin, port } = new URL(address);
  return {
    address,
    origin,
    dataDir,
    stop: () => end(running),
    restart: async () => {
      await end(running);
      running = await run(dataDir, port);
      return running.address;
    },
    [Symbol.asyncDispose]: async () => {
      await end(running);
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
