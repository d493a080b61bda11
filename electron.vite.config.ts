import { resolve } from 'node:path';
import babel from '@rolldown/plugin-babel';
import react, { reactCompilerPreset } from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { nodeWorkers } from './build/node-workers.ts';

const root = import.meta.dirname;

/**
 * What every start needs, in two files. Left alone the bundler makes a chunk for each set of importers: fifty small
 * files, over the six connections that a browser opens to one host.
 */
const startGroups = [
  { name: 'react', test: /node_modules[\\/](?:react|react-dom|scheduler|react-router|use-sync-external-store)[\\/]/ },
  { name: 'shared', minShareCount: 2, test: /node_modules|src-(?:renderer|shared)/ },
];

/**
 * Three bundles. `main` holds both hosts (Electron and web): they share every chunk of the engine.
 * `preload` is CommonJS because a sandboxed preload can be nothing else.
 */
export default defineConfig({
  main: {
    plugins: [nodeWorkers()],
    build: {
      outDir: 'out/main',
      target: 'node24',
      // One file loads faster than a thousand; only what holds a native library stays outside.
      externalizeDeps: false,
      rollupOptions: {
        external: ['electron', 'keytar'],
        input: {
          electron: resolve(root, 'src-main/hosts/electron/main.ts'),
          web: resolve(root, 'src-main/hosts/web/main.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: resolve(root, 'src-main/hosts/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [react(), babel({ presets: [reactCompilerPreset()] })],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: 'chrome140',
      minify: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        input: { index: resolve(root, 'src-renderer/index.html') },
        output: { codeSplitting: { groups: startGroups } },
      },
    },
  },
});
