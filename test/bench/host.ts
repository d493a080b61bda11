import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Browser } from 'playwright-core';
import { WEB_HOST } from '../../build/setup/node-runtime.mjs';
import { findChromium } from '../../build/setup/tools.mjs';

export type Host = { readonly process: ChildProcess; readonly address: string; readonly readyMs: number };

export type HostOptions = {
  /** Its event loop is watched: see `longestPauseOf`. */
  readonly isProbed?: boolean;
};

/** Starts the built web host and waits for the line with its address. */
export async function startHost(dataDir: string, options: HostOptions = {}): Promise<Host> {
  const started = performance.now();
  const probe = options.isProbed === true ? ['--import', join(import.meta.dirname, 'loop-probe.mjs')] : [];
  const args = [...probe, ...WEB_HOST, '--port', '0', '--no-open', '--data-dir', dataDir];
  const channel = options.isProbed === true ? (['ipc'] as const) : [];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', ...channel] });
  if (child.stdout === null) throw new Error('the web host has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^Gantry: (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { process: child, address, readyMs: performance.now() - started };
  }
  throw new Error('the web host ended before it printed its address');
}

/** The longest turn of an event loop, in milliseconds. */
export type LongestPause = {
  /** Until the loop went on, waits for the processor included. */
  readonly longestMs: number;
  /** The most that its thread used the processor in one turn: what that would last if nothing else ran on the machine. */
  readonly busiestMs: number;
};

/** The longest turn of a probed host's event loop since the last time this was asked. */
export async function longestPauseOf({ process: child }: Host): Promise<LongestPause> {
  const answered = once(child, 'message');
  child.send('longest');
  const [pause] = (await answered) as [LongestPause];
  return pause;
}

export async function stopHost(host: Host): Promise<void> {
  host.process.kill('SIGTERM');
  await once(host.process, 'close');
}

/** Resident memory and processor time of a process, in MiB and ms. */
export function usageOf(pid: number | undefined): { readonly memoryMiB: number; readonly cpuMs: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const memoryMiB = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  // After the name in brackets, which may hold spaces: user and system time are the 12th and 13th, in 1/100 s.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { memoryMiB, cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
}

/** Resolves when a process has had nothing to do for a second: sample images are made in the background at first. */
export async function untilIdle(pid: number | undefined): Promise<void> {
  for (let before = -1; ;) {
    const { cpuMs } = usageOf(pid);
    if (cpuMs - before <= 10) return;
    before = cpuMs;
    await delay(1000);
  }
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
