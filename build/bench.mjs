import { ensureBuilt } from './setup/built.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { projectEnv } from './setup/node-runtime.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

// `npm run bench -- NAME [--json FILE] [--runs N] [--only CASE,CASE]`: the benches themselves are TypeScript, in test/bench.
try {
  const node = await ensureInstalled();
  await ensureBuilt(node);
  const { status } = await run(node, [inRoot('test/bench/run.ts'), ...process.argv.slice(2)], { env: projectEnv() });
  process.exitCode = status;
} catch (error) {
  console.error(`Gantry: ${error.message}`);
  process.exitCode = 1;
}
