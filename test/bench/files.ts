import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { TarEntry } from '#main/core/local-registry/image-builder/tar.ts';
import { buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { pushContent } from '../support/push-content.ts';
import { openDirectory, searchFiles, showAs } from './files-page.ts';
import { launchBrowser, type LongestPause, longestPauseOf, startHost, stopHost, untilIdle } from './host.ts';
import { openList, scrollThrough } from './list-page.ts';
import { absoluteCase, median, type BenchCase } from './measure.ts';
import { type LongestTask, longestTaskDuring } from './tasks.ts';

const MODULES = 1250;
const PER_MODULE = 120;
const IN_ONE = 50_000;
const GRID = '[role=treegrid]';
/** Made in no time; what is measured is the same. */
const ZSTD = { compression: 'zstd' } as const;
const REPOSITORY = 'bench/files';

/** 200,000 files: 1,250 folders beside each other with 120 files each, and 50,000 files in one folder. */
function makeFiles(): readonly TarEntry[] {
  const file = (path: string, index: number): TarEntry => ({
    path,
    type: 'file',
    content: 'x'.repeat((index * 7919) % 300),
  });
  const modules = Array.from({ length: MODULES * PER_MODULE }, (_none, index) => {
    const part = ['src', 'dist', 'test', 'types'][index % 4] ?? '';
    return file(`modules/pkg${Math.floor(index / PER_MODULE)}/${part}/file-${index}.js`, index);
  });
  return [...modules, ...Array.from({ length: IN_ONE }, (_none, index) => file(`data/record-${index}.json`, index))];
}

/** The image, with a second layer that replaces and deletes some of the files, so that there is something to stack. */
function makeImage() {
  const files = makeFiles();
  const changed = files.filter((_file, index) => index % 40 === 0);
  return buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: [
      { createdBy: 'COPY modules data', layer: buildLayer(files, ZSTD) },
      { createdBy: 'RUN touch', layer: buildLayer(changed, ZSTD) },
    ],
  });
}

type Step = 'open' | 'folders' | 'scroll' | 'search' | 'map' | 'largest';
type Measured = { readonly page: LongestTask; readonly engine: LongestPause };

/** A fresh process and a fresh profile: the files are opened and looked at in every way. */
async function lookAtFiles(browser: Browser, dataDir: string, content: ReturnType<typeof makeImage>) {
  const host = await startHost(dataDir, { isProbed: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  try {
    await page.goto(host.address);
    await page.getByRole('tree').getByRole('treeitem').first().waitFor();
    const local = (await page.getByText(/^Local registry at /).innerText()).replace('Local registry at ', '');
    await pushContent(local, REPOSITORY, content, ['latest']);
    const measure = async (work: () => Promise<void>): Promise<Measured> => {
      await untilIdle(host.process.pid);
      await longestPauseOf(host);
      const page = await longestTaskDuring(browser, work);
      return { page, engine: await longestPauseOf(host) };
    };
    return await walk(page, measure);
  } finally {
    await context.close();
    await stopHost(host);
  }
}

/** Each step of a look at the files, measured. */
async function walk(
  page: Page,
  measure: (work: () => Promise<void>) => Promise<Measured>,
): Promise<Readonly<Record<Step, Measured>>> {
  const hash = `#/registry/local/image/${encodeURIComponent(REPOSITORY)}/latest/files`;
  const open = await measure(async () => {
    await openList(page, hash, `${GRID} [data-index]`);
    await delay(500);
  });
  const folders = await measure(async () => {
    await openDirectory(page, 'modules', MODULES);
    await openDirectory(page, 'data', IN_ONE);
  });
  const scroll = await measure(() => scrollThrough(page, GRID));
  const search = await measure(() => searchFiles(page, '*-1*.js*', 10_000));
  await page.getByRole('searchbox', { name: 'Find files' }).fill('');
  const map = await measure(() => showAs(page, 'Map', '[role=listbox][aria-label="Files by size"]'));
  const largest = await measure(() => showAs(page, 'Largest', `${GRID}[aria-label="Largest files"] [data-index]`));
  return { open, folders, scroll, search, map, largest };
}

const WORDS: Readonly<Record<Step, string>> = {
  open: 'opening 200,000 files',
  folders: 'a folder of 1,250 and one of 50,000',
  scroll: 'scrolling through them',
  search: 'a search by pattern',
  map: 'the map of sizes',
  largest: 'the largest files',
};

/** `npm run bench -- files`: 200,000 files of one image in the page and in the engine, without a pause. */
export async function benchFiles({ runs }: { runs: number }): Promise<BenchCase[]> {
  const browser = await launchBrowser();
  const content = makeImage();
  const all: Readonly<Record<Step, Measured>>[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      const dataDir = mkdtempSync(join(tmpdir(), 'gantry-bench-'));
      all.push(await lookAtFiles(browser, dataDir, content));
      rmSync(dataDir, { recursive: true, force: true });
    }
  } finally {
    await browser.close();
  }
  const steps = Object.keys(WORDS) as Step[];
  const of = (step: Step, where: keyof Measured, field: keyof LongestTask) =>
    median(all.map((each) => each[step][where][field]));
  return steps.flatMap((step) => [
    absoluteCase(`files: longest task of the page, ${WORDS[step]}`, 'ms', of(step, 'page', 'longestMs'), 50),
    absoluteCase('files: the same in processor time', 'ms', of(step, 'page', 'busiestMs'), 50),
    absoluteCase(`files: longest pause of the engine, ${WORDS[step]}`, 'ms', of(step, 'engine', 'longestMs'), 50),
    absoluteCase('files: the same in processor time', 'ms', of(step, 'engine', 'busiestMs'), 50),
  ]);
}
