import { app, dialog } from 'electron';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFileLogger } from '../../core/system/json-logger.ts';
import { createSystemClock } from '../../core/system/system-clock.ts';
import { readAppRoot } from '../app-root.ts';
import { prepareDataDir } from '../data-dir.ts';
import { registerAppScheme } from './app-protocol.ts';
import { prepareDesktop, runDesktop } from './run.ts';

// Everything here up to whenReady happens before Electron is ready, as sandbox, schemes and paths ask for.
app.enableSandbox();
// `npm start` gives the engine's process flags of its own; the pages need none of them.
app.commandLine.removeSwitch('js-flags');
registerAppScheme();

// Not strict: Electron and Chromium have options of their own on the same line.
const { values } = parseArgs({ options: { 'data-dir': { type: 'string' } }, strict: false });
const told = values['data-dir'];
const dataDir = prepareDataDir(typeof told === 'string' ? told : undefined);
const logger = createFileLogger({ clock: createSystemClock(), path: join(dataDir, 'gantry.log') });
const options = { root: readAppRoot(import.meta.dirname), dataDir, logger };

process.on('unhandledRejection', (reason) => {
  logger.log('error', 'main.unhandled-rejection', { reason: String(reason) });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());

async function start(): Promise<void> {
  await app.whenReady();
  await runDesktop(options);
}

prepareDesktop(options);
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    logger.log('error', 'main.start', { error: String(error) });
    dialog.showErrorBox('Gantry cannot start', error instanceof Error ? error.message : String(error));
    app.exit(1);
  });
} else {
  app.quit();
}
