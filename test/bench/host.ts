import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../build/setup/tools.mjs';

const root = resolve(import.meta.dirname, '../..');

export type Host = { readonly process: ChildProcess; readonly address: string; readonly readyMs: number };

/** Starts the built web host and waits for the line with its address. */
export async function startHost(dataDir: string): Promise<Host> {
  const started = performance.now();
  const args = [join(root, 'out/main/web.js'), '--port', '0', '--no-open', '--data-dir', dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^Gantry: (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { process: child, address, readyMs: performance.now() - started };
  }
  throw new Error('the web host ended before it printed its address');
}

export async function stopHost(host: Host): Promise<void> {
  host.process.kill('SIGTERM');
  await once(host.process, 'close');
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() as string,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}
