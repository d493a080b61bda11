import { ensureInstalled } from './setup/installed.mjs';
import { projectEnv } from './setup/node-runtime.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

// `npm run conformance -- [--date YYYY-MM-DD] [--from CLONE] [--required]`: see build/conformance/run.ts.
try {
  const node = await ensureInstalled();
  const args = [inRoot('build/conformance/run.ts'), ...process.argv.slice(2)];
  const { status } = await run(node, args, { env: projectEnv() });
  process.exitCode = status;
} catch (error) {
  console.error(`Gantry: ${error.message}`);
  process.exitCode = 1;
}
