import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './setup/built.mjs';
import { hasDisplay, obtainElectron } from './setup/electron-binary.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { DESKTOP_FLAGS, projectEnv, WEB_HOST } from './setup/node-runtime.mjs';
import { inRoot } from './setup/paths.mjs';

const usage = `npm start -- [--electron | --web] [--data-dir DIR] [--port N] [--no-open]
  --electron      insist on the desktop window
  --web           serve the app on 127.0.0.1 and open it in the browser
  --data-dir DIR  where Gantry keeps its data
  --port N        port of the web host (default: any free one)
  --no-open       only print the address`;

function readArguments() {
  const options = {
    electron: { type: 'boolean', default: false },
    web: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  };
  const { values } = parseArgs({ options, strict: true, allowPositionals: false });
  if (values.electron && values.web) throw new Error('--electron and --web exclude each other');
  return values;
}

/** What to run: `{program, args}`. Says in one sentence why, when it is not the desktop window. */
async function chooseHost(values, node) {
  const data = values['data-dir'] === undefined ? [] : ['--data-dir', values['data-dir']];
  const port = values.port === undefined ? [] : ['--port', values.port];
  const noOpen = values['no-open'] ? ['--no-open'] : [];
  const web = { program: node, args: [...WEB_HOST, ...port, ...noOpen, ...data] };
  if (values.web) return web;

  const electron = hasDisplay() ? await obtainElectron(node) : { reason: 'there is no display' };
  if ('path' in electron) return { program: electron.path, args: [...DESKTOP_FLAGS, inRoot('.'), ...data] };
  if (values.electron) throw new Error(`Electron cannot start: ${electron.reason}.`);
  console.error(`Gantry: Electron is not available here, because ${electron.reason}: opening the web version instead.`);
  return web;
}

async function main() {
  const values = readArguments();
  if (values.help) return console.log(usage);
  const node = await ensureInstalled();
  await ensureBuilt(node);
  const { program, args } = await chooseHost(values, node);

  const child = spawn(program, args, { stdio: 'inherit', env: projectEnv({ NODE_ENV: 'production' }) });
  // Ctrl-C reaches the child by itself (same terminal); a kill of this process has to be handed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => fail(error));
  child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
}

function fail(error) {
  console.error(`Gantry: ${error.message}`);
  if (error.code?.startsWith('ERR_PARSE_ARGS')) console.error(usage);
  process.exit(1);
}

main().catch(fail);
