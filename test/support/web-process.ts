import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const WEB = resolve(import.meta.dirname, '../../out/main/web.js');

/** The built web host as a process of its own, with a home of its own. */
export type WebProcess = {
  readonly child: ChildProcess;
  /** All that it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** The address it has printed. Rejects when it ends without one. */
  readonly address: Promise<string>;
  /** Sends the signal and gives the exit code. */
  end(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
};

export function startWebProcess(dataDir: string, ...args: readonly string[]): WebProcess {
  const env = { PATH: process.env['PATH'], HOME: join(dataDir, 'home'), DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
  const child = spawn(process.execPath, [WEB, '--no-open', '--data-dir', join(dataDir, 'data'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const ended = once(child, 'close');
  const address = new Promise<string>((done, fail) => {
    child.stdout.on('data', (chunk) => {
      output.stdout += String(chunk);
      const found = /^Gantry: (http\S+)\n/.exec(output.stdout)?.[1];
      if (found !== undefined) done(found);
    });
    void ended.then(([code]) => fail(new Error(`ended with ${String(code)}: ${output.stderr}`)));
  });
  address.catch(() => undefined);
  return {
    child,
    output,
    address,
    end: async (signal = 'SIGINT') => {
      if (child.exitCode === null) child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}
