import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type BrowserContext } from 'playwright-core';
import { findChromium } from '../../../build/setup/tools.mjs';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { root } from './paths.ts';
import type { DesktopApp, Driver } from './desktop-app.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

type Browser = { readonly context: BrowserContext; readonly endpoint: string; close(): Promise<void> };

/** A browser that two may drive: the spec, and the stand-in in the app's process. */
async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'gantry-browser-'));
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...FLAGS, '--remote-debugging-port=0'],
    timeout: PATIENCE_MS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const port = await portOf(profile);
  return {
    context,
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** The port the browser listens on for others; it writes it down a moment after it has started. */
async function portOf(profile: string): Promise<string> {
  const file = join(profile, 'DevToolsActivePort');
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const [port = '', path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (path !== undefined) return port;
    await sleep(50);
  }
  throw new Error(`the browser did not say its port in ${file}`);
}

export type StandInOptions = { readonly dataDir: string; readonly endpoint: string; readonly secondInstance?: boolean };

/** The built main process under Node, with `electron` standing in. */
export function forkMain({ dataDir, endpoint, secondInstance = false }: StandInOptions): ChildProcess {
  return fork(join(root, 'out/main/electron.js'), ['--data-dir', dataDir], {
    cwd: root,
    execArgv: ['--import', join(root, 'test/electron/stand-in/register.ts')],
    // A home and a bus of its own: neither docker's config nor the keychain of whoever runs the specs is looked at.
    env: {
      PATH: process.env['PATH'],
      HOME: join(dataDir, 'home'),
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      STAND_IN_BROWSER: endpoint,
      STAND_IN_SECOND_INSTANCE: String(secondInstance),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };

function callerOf(child: ChildProcess): DesktopApp['inMain'] {
  let last = 0;
  return async (work: (...args: never) => unknown, argument?: unknown) => {
    const id = (last += 1);
    child.send({ id, source: work.toString(), argument });
    for (;;) {
      const [answer] = (await once(child, 'message')) as [Answer];
      if (answer.id !== id) continue;
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value as never;
    }
  };
}

/** Chromium and Node in the place of Electron. */
export const standIn: Driver = {
  name: 'the stand-in',
  missing: findChromium() === undefined && process.env['CI'] !== 'true' ? 'no Chromium' : undefined,
  launch: async ({ dataDir }) => {
    const browser = await startBrowser();
    const opened = browser.context.waitForEvent('page');
    const child = forkMain({ dataDir, endpoint: browser.endpoint });
    const exited = once(child, 'exit');
    const page = await Promise.race([
      opened,
      exited.then(([code]): never => {
        throw new Error(`the main process ended with ${String(code)} before it opened a window`);
      }),
    ]);
    return {
      page,
      inMain: callerOf(child),
      quit: async () => {
        child.kill('SIGTERM');
        const [code] = (await exited) as [number | null];
        await browser.close();
        return code;
      },
    };
  },
};
