import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, startHost, stopHost } from './host.ts';
import { absoluteCase, interleave, median, type BenchCase } from './measure.ts';

const blankPage = '<!doctype html><title>peer</title><p>peer</p>';

/** The peer for the paint: a page without script on a plain server, in the same browser and run. */
async function startBlankServer(): Promise<{ server: Server; address: string }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(blankPage);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Milliseconds from navigation to the first contentful paint. */
async function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        const observer = new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('first-contentful-paint')[0];
          if (entry !== undefined) done(entry.startTime);
        });
        observer.observe({ type: 'paint', buffered: true });
      }),
  );
}

async function measureBlank(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  const paint = await firstPaint(page);
  await context.close();
  return paint;
}

type Opened = { readonly paintMs: number; readonly treeMs: number; readonly scriptKb: number };

/** A whole start: fresh process, fresh browser profile, to the moment the tree has its samples and takes a key. */
async function openApp(browser: Browser, dataDir: string): Promise<Opened & { readonly readyMs: number }> {
  const host = await startHost(dataDir);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js'))
      scripts.push(response.body().then((body) => gzipSync(body).byteLength));
  });
  await page.goto(host.address);
  const item = page.getByRole('tree').getByRole('treeitem').first();
  await item.waitFor();
  await item.click({ trial: true });
  const treeMs = await page.evaluate(() => performance.now());
  const paintMs = await firstPaint(page);
  await page.waitForTimeout(500); // chunks fetched ahead of need count too
  const scriptKb = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0) / 1000;
  await context.close();
  await stopHost(host);
  return { paintMs, treeMs, scriptKb, readyMs: host.readyMs };
}

/** `npm run bench -- start`: how long until there is something to see and something to use. */
export async function benchStart({ runs }: { runs: number }): Promise<BenchCase[]> {
  const browser = await launchBrowser();
  const blank = await startBlankServer();
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-bench-'));
  const opened: Awaited<ReturnType<typeof openApp>>[] = [];
  try {
    await openApp(browser, dataDir); // the first start seeds the samples: not counted
    const measured = await interleave(runs, {
      gantry: async () => {
        const result = await openApp(browser, dataDir);
        opened.push(result);
        return result.paintMs;
      },
      blank: () => measureBlank(browser, blank.address),
    });
    const peers = { 'blank page': median(measured.blank) };
    return [
      absoluteCase('start: first paint after navigation', 'ms', median(measured.gantry), 1000, peers),
      absoluteCase('start: tree usable after navigation', 'ms', median(opened.map((run) => run.treeMs)), 1500, peers),
      absoluteCase('start: web host ready after spawn', 'ms', median(opened.map((run) => run.readyMs)), 1500),
      absoluteCase(
        'start: script before the first inspector, gzip',
        'kB',
        median(opened.map((run) => run.scriptKb)),
        350,
      ),
    ];
  } finally {
    blank.server.close();
    await browser.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
