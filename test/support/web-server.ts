import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadUiFiles } from '#main/hosts/ui-files.ts';
import { startWebServer } from '#main/hosts/web/http-server.ts';
import { createSessions } from '#main/hosts/web/session.ts';
import { createSmallRouter } from './small-router.ts';

/** A folder like out/renderer with a page, a hashed script and a file of a kind that is not served. */
export async function writeSmallUi(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-ui-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>Gantry</title>');
  await writeFile(join(dir, 'assets/index-abc123.js'), 'export {};');
  await writeFile(join(dir, 'assets/index-abc123.js.map'), '{}');
  return dir;
}

/** The web host's server on a free port, with a small page and a small router, and a token to call it with. */
export async function startSmallWebServer() {
  const dir = await writeSmallUi();
  const sessions = createSessions(() => Date.now());
  const { router, watchers } = createSmallRouter();
  const logged: string[] = [];
  const logger = { log: (...line: unknown[]) => void logged.push(JSON.stringify(line)) };
  const server = await startWebServer({ router, uiFiles: await loadUiFiles(dir), sessions, logger }, 0);
  const host = `127.0.0.1:${server.port}`;
  const token = sessions.exchange(sessions.newCode()) ?? '';
  return {
    ...server,
    sessions,
    watchers,
    logged,
    host,
    token,
    /** The headers of a call that is in order. */
    goodHeaders: {
      Host: host,
      Origin: `http://${host}`,
      'Content-Type': 'application/json',
      'X-Gantry-Token': token,
    },
    stop: async () => {
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
}
export type SmallWebServer = Awaited<ReturnType<typeof startSmallWebServer>>;
