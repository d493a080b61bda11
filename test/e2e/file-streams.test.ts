import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '#test/support/app.ts';
import { bundleHost } from '#test/support/bundle-host.ts';
import { launchChromium, openPage } from '#test/support/chromium.ts';
import { sha256 } from '#test/support/sha256.ts';
import { startSmallWebServer, type SmallWebServer } from '#test/support/web-server.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

type Sent = { readonly progress: readonly number[]; readonly error?: unknown };
type Host = {
  readonly uploadFile: (upload: object) => Promise<void>;
  readonly pathOfFile: (file: File) => string | undefined;
};

/** The part of the renderer that sends and fetches files, in a real browser, against the web host's own server. */
describe.skipIf(!hasChromium())('streams of files between a page and the web host', () => {
  let server: SmallWebServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    server = await startSmallWebServer();
    browser = await launchChromium();
    page = await openPage(browser, { acceptDownloads: true });
    await page.goto(`http://${server.host}/`);
    await page.evaluate((token) => sessionStorage.setItem('gantry:token', token), server.token);
    await page.evaluate(await bundleHost());
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  /** Sends so many bytes and tells what came of it; aborted after the first progress where that is asked for. */
  const send = (archiveId: string, sizeBytes: number, { path = 'images.tar', abort = false } = {}): Promise<Sent> =>
    page.evaluate(
      async ([id, size, name, aborts]) => {
        const progress: number[] = [];
        const controller = new AbortController();
        const upload = {
          archiveId: id,
          path: name,
          file: new Blob([new Uint8Array(size).fill(7)]),
          signal: controller.signal,
          onProgress: (sent: number) => {
            progress.push(sent);
            if (aborts) controller.abort();
          },
        };
        try {
          await (Reflect.get(window, 'host') as Host).uploadFile(upload);
          return { progress };
        } catch (error) {
          return { progress, error: (error as { appError?: unknown }).appError ?? String(error) };
        }
      },
      [archiveId, sizeBytes, path, abort] as const,
    );
  const begin = (sizeBytes: number) => server.archives.beginUpload({ name: 'images.tar', kind: 'folder', sizeBytes });
  const received = (id: string) => {
    const folder = join(server.dir, 'archives/uploads', id);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => sha256(readFileSync(join(entry.parentPath, entry.name))));
  };

  it('takes a large file to the last byte, and tells how far it is', async () => {
    const size = 40 * 1024 * 1024;
    const id = await begin(size);
    const { progress, error } = await send(id, size, { path: 'blobs/sha256/ä b' });
    expect(error).toBeUndefined();
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toBe(size);
    expect(received(id)).toEqual([sha256(Buffer.alloc(size, 7))]);
  });

  it('tells the page why a file was refused, also in the middle of it', async () => {
    const id = await begin(1000);
    expect((await send(id, 30 * 1024 * 1024)).error).toMatchObject({ kind: 'archive', reason: 'too-large' });
    expect((await send(id, 10, { path: '../x' })).error).toMatchObject({ kind: 'archive', reason: 'bad-path' });
    expect((await send('gone', 10)).error).toMatchObject({ kind: 'not-found', what: 'archive' });
    expect(received(id)).toEqual([]);
  });

  it('stops when the page says so, and leaves nothing', async () => {
    const size = 60 * 1024 * 1024;
    const id = await begin(size);
    expect((await send(id, size, { abort: true })).error).toEqual({ kind: 'cancelled' });
    await expect.poll(() => received(id)).toEqual([]);
  });

  it('gives a file to be saved, once', async () => {
    const path = join(temporaryFolder(), 'kept.tar');
    writeFileSync(path, Buffer.alloc(5 * 1024 * 1024, 'kept'));
    const link = `/download/${server.downloads.offer({ path, fileName: 'größe.tar' })}`;
    const started = page.waitForEvent('download');
    await page.evaluate((href) => Object.assign(document.createElement('a'), { href, download: 'x' }).click(), link);
    const download = await started;
    expect(download.suggestedFilename()).toBe('größe.tar');
    expect(sha256(readFileSync(await download.path()))).toBe(sha256(readFileSync(path)));
    expect(await page.evaluate(async (to) => (await fetch(to)).status, link)).toBe(404);
  });

  it('knows no paths of this machine', async () => {
    const path = await page.evaluate(() => (Reflect.get(window, 'host') as Host).pathOfFile(new File(['x'], 'x')));
    expect(path).toBeUndefined();
  });

  it('loses the session when the host does not know the page any more', async () => {
    const id = await begin(10);
    await page.evaluate(() => sessionStorage.setItem('gantry:token', 'x'.repeat(43)));
    expect((await send(id, 10)).error).toEqual({ kind: 'host-unreachable', reason: 'session' });
    expect(await page.evaluate(() => sessionStorage.getItem('gantry:token'))).toBeNull();
  });
});
