import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** One project a folder of test/, so that each can be run alone: `npx vitest run --project unit`. */
const project = (name: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], ...extra },
});

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    // Two cores are what we have in CI; more workers only make real servers slow to start.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      project('architecture'),
      project('unit'),
      project('registry'),
      project('contract'),
      project('electron', { fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 }),
      project('e2e', { fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 }),
    ],
  },
});
