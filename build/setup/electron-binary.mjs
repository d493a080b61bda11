import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const packageDir = inRoot('node_modules/electron');

/** The Electron executable when it is on this machine already, else undefined. */
export function findElectron() {
  const pathFile = join(packageDir, 'path.txt');
  const executable = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = override ? join(override, executable) : join(packageDir, 'dist', executable);
  return existsSync(path) ? path : undefined;
}

/**
 * Finds Electron or lets its package download it. The download needs Node 22, hence `node`.
 * @returns {Promise<{path: string} | {reason: string}>} the reason is one clause for a person
 */
export async function obtainElectron(node) {
  const found = findElectron();
  if (found !== undefined) return { path: found };
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return { reason: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' };
  console.error('Gantry: getting Electron …');
  const { status, output } = await run(node, [join(packageDir, 'install.js')], { quiet: true, timeoutMs: 300_000 });
  const path = findElectron();
  if (status === 0 && path !== undefined) return { path };
  return { reason: `its program could not be downloaded (${downloadError(output)})` };
}

/** The telling part of the downloader's stack trace: an errno code, an HTTP status, or its first line. */
function downloadError(output) {
  const code = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b/.exec(output)?.[1];
  const http = /\b(?:status code|Response code) (\d{3})\b/i.exec(output)?.[1];
  if (code) return code;
  return http ? `HTTP ${http}` : (output.trim().split('\n')[0] ?? 'no answer').slice(0, 120);
}

/** Electron needs a screen; on Linux that is an X11 or Wayland display. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
