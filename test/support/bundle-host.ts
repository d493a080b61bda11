import { resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** The renderer's `host/`, as one script that leaves its exports in `window.host`: for pages that are not the app. */
export async function bundleHost(): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const build = await rolldown({ input: resolve(root, 'src-renderer/host/index.ts'), cwd: root, logLevel: 'silent' });
  const { output } = await build.generate({ format: 'iife', name: 'host' });
  await build.close();
  // As the app's own page does: its policy forbids code from strings, which zod would try.
  const config = 'globalThis.__zod_globalConfig = { jitless: true };';
  return `${config}\n${output[0].code}\nwindow.host = host;\nundefined;`;
}
