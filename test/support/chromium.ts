import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../build/setup/tools.mjs';

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

/** The Chromium of this machine. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium() as string, args: ARGS });
}
