import { ensureBuilt } from './setup/built.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { ENGINE_FLAGS, projectEnv } from './setup/node-runtime.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

// `npm run bench -- NAME [--json FILE] [--runs N] [--only CASE,CASE]`: the benches themselves are TypeScript, in test/bench.
try {
  const node = await ensureInstalled();
  await ensureBuilt(node);
  // Some benches run the engine in their own process: as the web host has it.
  const args = [...ENGINE_FLAGS, inRoot('test/bench/run.ts'), ...process.argv.slice(2)];
  const { status } = await run(node, args, { env: projectEnv() });
  process.exitCode = status;
} catch (error) {
  console.error(`Gantry: ${error.message}`);
  process.exitCode = 1;
}
