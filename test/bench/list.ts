import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type BigRegistry, startBigRegistry } from '../support/big-registry.ts';
import { startEngine } from '../support/engine.ts';
import { gantryPage } from '../support/gantry-page.ts';
import { run } from '../support/run.ts';
import { type Host, launchBrowser, startHost, stopHost, untilIdle, usageOf } from './host.ts';
import { loadAll, openAllFolders, openList, scrollThrough, type Opened } from './list-page.ts';
import { absoluteCase, interleave, median, relativeCase, type BenchCase } from './measure.ts';
import { type LongestTask, longestTaskDuring } from './tasks.ts';

const COUNT = 100_000;
const PAGE = 1000;
const GRID = '[role=grid]';

function findCrane(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go/bin')];
  return folders.map((folder) => join(folder, 'crane')).find((path) => existsSync(path));
}

async function timed(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const count = await work();
  if (count !== COUNT) throw new Error(`expected ${COUNT} names, and got ${count}`);
  return performance.now() - started;
}

/** NaN without crane, which is then no peer. */
function listWithCrane(...args: readonly string[]): Promise<number> {
  const crane = findCrane();
  if (crane === undefined) return Promise.resolve(Number.NaN);
  return timed(async () => (await run(crane, [...args, '--insecure'])).trimEnd().split('\n').length);
}

type Listed = { readonly names: readonly string[]; readonly nextCursor?: string };

/** A new client, and every page to the last. */
function listWithEngine(registry: BigRegistry, what: 'tags' | 'repositories'): Promise<number> {
  return timed(async () => {
    await using engine = startEngine(registry.host);
    const { client } = engine;
    let count = 0;
    let cursor: string | undefined;
    do {
      const call = cursor === undefined ? {} : { cursor };
      const page: Listed = await (what === 'tags'
        ? client.listTags({ repository: registry.repository, ...call })
        : client.listRepositories(call));
      count += page.names.length;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return count;
  });
}

type Shown = {
  readonly firstTagsMs: number;
  readonly firstRepositoriesMs: number;
  readonly allTagsMs: number;
  readonly allRepositoriesMs: number;
  readonly tags: LongestTask;
  readonly tree: LongestTask;
  readonly growthMiB: number;
  readonly listRequests: number;
  readonly manifestGetsAgain: number;
};

async function openPage(browser: Browser, host: Host): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(host.address);
  await page.getByRole('tree').getByRole('treeitem').first().waitFor();
  return page;
}

/** A data folder whose samples are made and which knows the registry; gives the registry's id. */
async function prepare(browser: Browser, dataDir: string, registry: BigRegistry): Promise<string> {
  const host = await startHost(dataDir);
  const page = await openPage(browser, host);
  await gantryPage(page).add({ host: registry.host, plainHttp: true });
  await untilIdle(host.process.pid);
  await page.context().close();
  await stopHost(host);
  return /registry\/([^/]+)/.exec(page.url())?.[1] ?? '';
}

/** The tree may have read the first page before anyone asked for the list: then from the asking on. */
function sinceFirstPage({ askedAt, shownAt }: Opened, registry: BigRegistry): number {
  return shownAt - Math.max(askedAt, registry.firstPageAt());
}

/** A fresh process and a fresh profile: both lists to their ends, the scrolling, and the repository once more. */
async function openInApp(browser: Browser, dataDir: string, id: string, registry: BigRegistry): Promise<Shown> {
  const host = await startHost(dataDir);
  const page = await openPage(browser, host);
  const repositoryHash = `#/registry/${id}/repository/${encodeURIComponent(registry.repository)}`;
  const openTags = () => openList(page, repositoryHash, `${GRID} [data-index]`);
  const openCatalog = () => openList(page, `#/registry/${id}`, 'section[aria-label=Repositories] li a');
  try {
    await untilIdle(host.process.pid);
    const before = usageOf(host.process.pid).memoryMiB;
    const start = registry.requests.length;
    const firstTagsMs = sinceFirstPage(await openTags(), registry);
    const allTagsMs = await loadAll(page, 'main', '100,000 tags');
    const asked = registry.lines.slice(start);
    const listRequests = asked.filter((line) => line === 'GET /v2/' || line.includes('/tags/list')).length;
    // The rows that the second look will show.
    await untilIdle(host.process.pid);
    const tags = await longestTaskDuring(browser, () => scrollThrough(page, GRID));
    const firstRepositoriesMs = sinceFirstPage(await openCatalog(), registry);
    const allRepositoriesMs = await loadAll(page, 'section[aria-label=Repositories]', '100,000 repositories');
    await untilIdle(host.process.pid);
    await openAllFolders(page, COUNT);
    const tree = await longestTaskDuring(browser, () => scrollThrough(page, '[role=tree]'));
    const growthMiB = usageOf(host.process.pid).memoryMiB - before;
    const again = registry.requests.length;
    await page.reload();
    await openTags();
    await untilIdle(host.process.pid);
    const manifestGetsAgain = registry.lines.slice(again).filter((line) => /^GET .*\/manifests\//.test(line)).length;
    return {
      firstTagsMs,
      firstRepositoriesMs,
      allTagsMs,
      allRepositoriesMs,
      tags,
      tree,
      growthMiB,
      listRequests,
      manifestGetsAgain,
    };
  } finally {
    await page.context().close();
    await stopHost(host);
  }
}

/** `npm run bench -- list`: lists of 100,000 names from a registry on this machine. */
export async function benchList({ runs }: { runs: number }): Promise<BenchCase[]> {
  await using registry = await startBigRegistry({ tags: COUNT, repositories: COUNT, pageSize: PAGE });
  const browser = await launchBrowser();
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-bench-'));
  const shown: Shown[] = [];
  try {
    const id = await prepare(browser, dataDir, registry);
    const { host, repository } = registry;
    const measured = await interleave(runs, {
      tags: () => listWithEngine(registry, 'tags'),
      craneLs: () => listWithCrane('ls', `${host}/${repository}`),
      repositories: () => listWithEngine(registry, 'repositories'),
      craneCatalog: () => listWithCrane('catalog', host),
      app: async () => shown[shown.push(await openInApp(browser, dataDir, id, registry)) - 1]!.allTagsMs,
    });
    return toCases(shown, measured);
  } finally {
    await browser.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Measured = Readonly<Record<'tags' | 'craneLs' | 'repositories' | 'craneCatalog', readonly number[]>>;

function toCases(shown: readonly Shown[], measured: Measured): BenchCase[] {
  const of = (field: Exclude<keyof Shown, 'tags' | 'tree'>) => median(shown.map((each) => each[field]));
  const task = (list: 'tags' | 'tree', field: keyof LongestTask) => median(shown.map((each) => each[list][field]));
  const ls = { 'crane ls': median(measured.craneLs) };
  const catalog = { 'crane catalog': median(measured.craneCatalog) };
  return [
    absoluteCase('list: first tags after the first page', 'ms', of('firstTagsMs'), 150),
    absoluteCase('list: first repositories after the first page', 'ms', of('firstRepositoriesMs'), 150),
    relativeCase('list: 100,000 tags by the engine', 'ms', median(measured.tags), 1.2, ls),
    relativeCase('list: 100,000 repositories by the engine', 'ms', median(measured.repositories), 1.2, catalog),
    relativeCase('list: 100,000 tags in the page', 'ms', of('allTagsMs'), 1.2, ls),
    relativeCase('list: 100,000 repositories in the page', 'ms', of('allRepositoriesMs'), 1.2, catalog),
    absoluteCase('list: longest task while scrolling 100,000 tags', 'ms', task('tags', 'longestMs'), 50),
    absoluteCase('list: the same in processor time', 'ms', task('tags', 'busiestMs'), 50),
    absoluteCase('list: longest task while scrolling 100,000 rows of the tree', 'ms', task('tree', 'longestMs'), 50),
    absoluteCase('list: the same in processor time, tree', 'ms', task('tree', 'busiestMs'), 50),
    absoluteCase('list: memory growth of the engine', 'MiB', of('growthMiB'), 50),
    absoluteCase('list: requests for the tags of a repository', 'requests', of('listRequests'), 1 + COUNT / PAGE),
    absoluteCase('list: manifests read again on the second look', 'requests', of('manifestGetsAgain'), 0),
  ];
}
