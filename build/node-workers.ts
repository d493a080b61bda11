import { dirname, resolve } from 'node:path';
import { relative } from 'node:path/posix';
import type { Plugin } from 'vite';

const WORKER_URL = /new URL\(["'](\.[^"']+-worker\.ts)["'], import\.meta\.url\)/g;
const REFERENCE = /gantry-worker:([\w$-]+)/g;

/**
 * Bundles what the engine runs as a worker thread: `new URL('./name-worker.ts', import.meta.url)` becomes the address
 * of a chunk of its own. Vite does this for browsers only, and its `?nodeWorker` imports mean nothing to plain Node.
 */
export function nodeWorkers(): Plugin {
  return {
    name: 'gantry:node-workers',
    transform(code, id) {
      return code.replaceAll(WORKER_URL, (_all, path: string) => {
        const reference = this.emitFile({ type: 'chunk', id: resolve(dirname(id), path) });
        return `new URL('gantry-worker:${reference}', import.meta.url)`;
      });
    },
    renderChunk(code, chunk) {
      return code.replaceAll(
        REFERENCE,
        (_all, reference: string) => `./${relative(dirname(chunk.fileName), this.getFileName(reference))}`,
      );
    },
  };
}
