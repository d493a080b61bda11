import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './support/patience.ts';

/** One project a folder of test/, so that each can be run alone: `npx vitest run --project unit`. */
const project = (name: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], ...extra },
});

/** One window after the other, and each test may wait for several things of it. */
const inWindow = { fileParallelism: false, testTimeout: 5 * PATIENCE_MS, hookTimeout: 5 * PATIENCE_MS };

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    // Two cores are what we have in CI; more workers only make real servers slow to start.
    maxWorkers: 2,
    testTimeout: 2 * PATIENCE_MS,
    hookTimeout: 3 * PATIENCE_MS,
    // One second, as it is by itself, is over before a busy machine has done anything.
    expect: { poll: { timeout: PATIENCE_MS } },
    projects: [
      project('architecture'),
      project('unit'),
      project('registry'),
      project('contract'),
      project('electron', inWindow),
      project('e2e', inWindow),
    ],
  },
});
