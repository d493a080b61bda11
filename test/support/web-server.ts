import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPageFiles } from '#main/api/page-files.ts';
import { createDownloads } from '#main/core/sources/downloads.ts';
import { createOpenArchives } from '#main/core/sources/open-archives.ts';
import { loadUiFiles } from '#main/hosts/ui-files.ts';
import { type Patience, startWebServer } from '#main/hosts/web/http-server.ts';
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
export async function startSmallWebServer(patience?: Patience) {
  const dir = await writeSmallUi();
  const sessions = createSessions(() => Date.now());
  const { router, watchers } = createSmallRouter();
  const logged: string[] = [];
  const logger = { log: (...line: unknown[]) => void logged.push(JSON.stringify(line)) };
  const archives = createOpenArchives({ dir: join(dir, 'archives'), clock: { now: Date.now } });
  const downloads = createDownloads({ now: Date.now });
  const files = createPageFiles({ archives, downloads, logger });
  const options = { router, files, uiFiles: await loadUiFiles(dir), sessions, logger };
  const server = await startWebServer({ ...options, ...(patience === undefined ? {} : { patience }) }, 0);
  const host = `127.0.0.1:${server.port}`;
  const token = sessions.exchange(sessions.newCode()) ?? '';
  return {
    ...server,
    sessions,
    /** Where uploads go, and where links come from. */
    archives,
    downloads,
    dir,
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
      await archives.closeAll();
      rmSync(dir, { recursive: true });
    },
  };
}
export type SmallWebServer = Awaited<ReturnType<typeof startSmallWebServer>>;
