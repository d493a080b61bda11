import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../build/setup/tools.mjs';
import { PATIENCE_MS } from './patience.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** False on a machine without a browser, where its tests are skipped; in CI a missing browser is a failure. */
export const hasChromium: boolean = findChromium() !== undefined || process.env['CI'] === 'true';

/** The Chromium of this machine. @throws {Error} when there is none */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('not installed: chromium');
  return chromium.launch({ executablePath, args: ARGS, timeout: PATIENCE_MS });
}

/** A page with a context of its own, which waits for everything as long as a busy machine may need. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}
