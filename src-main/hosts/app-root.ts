import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string() });

/** The installed app as its bundles see it. */
export type AppRoot = { readonly version: string; readonly uiDir: string; readonly preload: string };

/** `mainDir` is the folder of the running bundle, out/main: only an entry knows it, shared chunks lie elsewhere. */
export function readAppRoot(mainDir: string): AppRoot {
  const root = join(mainDir, '../..');
  const { version } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { version, uiDir: join(root, 'out/renderer'), preload: join(root, 'out/preload/preload.cjs') };
}
