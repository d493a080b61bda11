import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { createLayout } from '#main/core/local-registry/store/layout.ts';
import { ensureBuilt } from '../../build/setup/built.mjs';
import { findChromium } from '../../build/setup/tools.mjs';
import { launchChromium, openPage } from './chromium.ts';
import { PATIENCE_MS } from './patience.ts';

export { seriousFindings } from './axe.ts';

export type App = {
  readonly page: Page;
  /** `http://127.0.0.1:port/`, without the one-time code. */
  readonly origin: string;
  /** Where the host keeps its data. */
  readonly dataDir: string;
  /** Console errors, refused by the content security policy or thrown: empty when all is well. */
  readonly problems: readonly string[];
  /** Another tab of the same browser and session. */
  readonly openTab: () => Promise<Page>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * False: no Chromium, so the tests that need one are skipped where they can be seen; on a machine set up for us
 * (`CI=true`) that is an error.
 */
export function hasChromium(): boolean {
  const found = findChromium() !== undefined;
  if (!found && process.env['CI'] === 'true') throw new Error('not installed: chromium');
  return found;
}

const dataDirIn = (folder: string) => join(folder, 'data');

type Started = { readonly child: ChildProcess; readonly address: string };

async function startHost(folder: string, dockerConfig: unknown): Promise<Started> {
  const home = join(folder, 'home');
  mkdirSync(home);
  if (dockerConfig !== undefined) {
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify(dockerConfig), { mode: 0o600 });
  }
  const web = resolve(import.meta.dirname, '../../out/main/web.js');
  const args = [web, '--port', '0', '--no-open', '--data-dir', dataDirIn(folder)];
  // A home and a bus of its own: neither docker's config nor the keychain of whoever runs the tests is looked at.
  const env = { PATH: process.env['PATH'], HOME: home, DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const address = await new Promise<string>((done, fail) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Gantry: (http\S+)\n/.exec(output)?.[1];
      if (found !== undefined) done(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('exit', (code) => {
      fail(new Error(`the web host ended with ${code}: ${output.slice(-2000)}`));
    });
  });
  return { child, address };
}

async function stopHost(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

function watchProblems(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    // Chromium reports every 422, and that is how an expected error travels over HTTP.
    const isTypedError = message.text().includes('status of 422');
    if (message.type() === 'error' && !isTypedError) problems.push(`console: ${message.text()}`);
  });
}

/** The samples come in as they are built: until the last is there, what a list begins and ends with still changes. */
async function samplesSeeded(dataDir: string): Promise<void> {
  const marker = createLayout(join(dataDir, 'local-registry')).samplesMarker;
  const until = performance.now() + 3 * PATIENCE_MS;
  while (!existsSync(marker) && performance.now() < until) await sleep(100);
  if (!existsSync(marker)) throw new Error(`the samples were not seeded within three minutes: no ${marker}`);
}

/**
 * The built web host on a data folder of its own, and its page in Chromium, ready when the tree is. `from`: the page is
 * opened once every sample is there, or as soon as the host answers, while they still come in. `dockerConfig`: what docker
 * holds in the home of whoever started it; nothing when absent.
 */
export async function startApp(
  options: BrowserContextOptions = {},
  from: 'samples' | 'host' = 'samples',
  dockerConfig?: unknown,
): Promise<App> {
  await ensureBuilt(process.execPath);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-e2e-'));
  const { child, address } = await startHost(folder, dockerConfig);
  const stop = async (browser: Browser | undefined) => {
    await browser?.close();
    await stopHost(child);
    rmSync(folder, { recursive: true, force: true });
  };
  let browser: Browser | undefined;
  try {
    if (from === 'samples') await samplesSeeded(dataDirIn(folder));
    browser = await launchChromium();
    return {
      ...(await openApp(browser, address, options)),
      dataDir: dataDirIn(folder),
      [Symbol.asyncDispose]: () => stop(browser),
    };
  } catch (error) {
    await stop(browser);
    throw error;
  }
}

async function openApp(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<Omit<App, typeof Symbol.asyncDispose | 'dataDir'>> {
  const problems: string[] = [];
  const page = await openPage(browser, {
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
    ...options,
  });
  watchProblems(page, problems);
  await page.goto(address);
  await page.getByRole('treeitem', { name: 'samples' }).waitFor();
  return {
    page,
    origin: `${new URL(address).origin}/`,
    problems,
    openTab: () => page.context().newPage(),
  };
}

async function reaches(locator: Locator, state: 'visible' | 'detached'): Promise<boolean> {
  try {
    await locator.waitFor({ state, timeout: PATIENCE_MS });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/** True as soon as it can be seen. */
export async function isShown(locator: Locator): Promise<boolean> {
  return reaches(locator, 'visible');
}

/** True as soon as it is gone. */
export async function isGone(locator: Locator): Promise<boolean> {
  return reaches(locator, 'detached');
}

/** What the page has copied last. Copying takes a moment: poll this. */
export async function copiedText(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}
