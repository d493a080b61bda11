import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../build/setup/built.mjs';
import { hasChromium, isGone } from '#test/support/app.ts';
import { launchChromium, openPage } from '#test/support/chromium.ts';
import { freePort } from '#test/support/free-port.ts';
import { startWebProcess, type WebProcess } from '#test/support/web-process.ts';

const folders: string[] = [];
function temporaryDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-web-'));
  folders.push(folder);
  return folder;
}
beforeAll(() => ensureBuilt(process.execPath), 180_000);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

describe('the web host as a program', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('prints one line and ends with 0 on %s', async (signal) => {
    const web = startWebProcess(temporaryDir());
    const address = await web.address;
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/);
    expect(await web.end(signal)).toBe(0);
    expect(web.output.stdout).toBe(`Gantry: ${address}\n`);
    expect(web.output.stderr).not.toContain(address.slice(address.indexOf('=') + 1));
  });

  it('says in one sentence that its port is taken, and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = other.address();
    const port = typeof taken === 'object' && taken !== null ? taken.port : 0;
    const web = startWebProcess(temporaryDir(), '--port', String(port));
    await expect(web.address).rejects.toThrow('the port is in use by another program');
    expect([await web.end(), web.output.stdout]).toEqual([1, '']);
    other.close();
  });

  it('refuses to listen anywhere else', async () => {
    const web = startWebProcess(temporaryDir(), '--host', '0.0.0.0');
    await expect(web.address).rejects.toThrow("Unknown option '--host'");
    expect(await web.end()).toBe(1);
  });
});

describe.skipIf(!hasChromium())('a page of the web host', () => {
  const dataDir = temporaryDir();
  let browser: Browser;
  let web: WebProcess;
  let address: string;
  let page: Page;
  const requests: Request[] = [];
  const code = () => new URL(address).hash.slice('#code='.length);
  const tree = (of = page) => of.getByRole('tree').getByRole('treeitem', { name: 'Local' });
  const lost = (of = page) => of.getByText('This page is not connected to Gantry').first();

  beforeAll(async () => {
    browser = await launchChromium();
    // It comes back there later.
    web = startWebProcess(dataDir, '--port', String(await freePort()));
    address = await web.address;
    page = await openPage(browser);
    page.on('request', (request) => requests.push(request));
    await page.goto(address);
    await tree().waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await web.end();
  });

  it('W05 takes the code out of the address bar and the history', async () => {
    expect(page.url()).not.toContain('code');
    await page.goBack();
    expect(page.url()).not.toContain('code');
    await page.goForward();
    await tree().waitFor();
  });

  it('W05 sends the code once, in a body, and keeps the token out of every address', async () => {
    const token = await page.evaluate(() => sessionStorage.getItem('gantry:token') ?? '');
    expect(token).toHaveLength(43);
    const heads = await Promise.all(
      requests.map(async (r) => [r.url(), JSON.stringify(await r.allHeaders())] as const),
    );
    const holding = (secret: string) => heads.filter(([url, headers]) => `${url}${headers}`.includes(secret));
    expect(holding(code())).toEqual([]);
    expect(holding(token).filter(([url]) => url.includes(token))).toEqual([]);
    expect(requests.filter((request) => request.postData()?.includes(code())).map((r) => r.url())).toEqual([
      new URL('/session', address).href,
    ]);
  });

  it('asks no other host for anything', () => {
    const hosts = new Set(requests.map((request) => new URL(request.url()).host));
    expect([...hosts]).toEqual([new URL(address).host]);
  });

  it('keeps its session over a reload', async () => {
    await page.reload();
    await tree().waitFor();
    expect(await isGone(lost())).toBe(true);
  });

  it('W05 says that it has lost its session when the code was used before, or there is none', async () => {
    const other = await openPage(browser);
    await other.goto(address);
    await lost(other).waitFor();
    await other.goto(new URL('/', address).href);
    await lost(other).waitFor();
    expect(await isGone(tree(other))).toBe(true);
  });

  it('W03 says so too when the host has been started anew, and works by the new address', async () => {
    const { port } = new URL(address);
    expect(await web.end()).toBe(0);
    web = startWebProcess(dataDir, '--port', port);
    address = await web.address;
    await page.reload();
    await lost().waitFor();
    // Only the hash is another one, as when it is pasted into the address bar.
    await page.goto(address);
    await tree().waitFor();
    expect(await isGone(lost())).toBe(true);
    await expect.poll(() => new URL(page.url()).hash).not.toContain('code=');
  });

  it('stays usable while the connections for one registry are all taken', async () => {
    const answered = await page.evaluate(async () => {
      const token = sessionStorage.getItem('gantry:token') ?? '';
      const headers = { 'content-type': 'application/json', 'x-gantry-token': token };
      const controller = new AbortController();
      const streams = [1, 2, 3, 4].map(() =>
        fetch('/rpc/changes/watch', { method: 'POST', headers, body: '{}', signal: controller.signal }),
      );
      await Promise.all(streams);
      const response = await fetch('/rpc/host/info', { method: 'POST', headers, body: '{}' });
      controller.abort();
      return response.status;
    });
    expect(answered).toBe(200);
  });
});
