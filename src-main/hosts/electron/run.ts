import { app, session } from 'electron';
import { join } from 'node:path';
import { createBackend } from '../../api/create-backend.ts';
import type { Logger } from '../../core/ports.ts';
import type { AppRoot } from '../app-root.ts';
import { openHostPorts } from '../host-ports.ts';
import { loadUiFiles } from '../ui-files.ts';
import { serveApp } from './app-protocol.ts';
import { restrictContents } from './contents-rules.ts';
import { createDialogs } from './dialogs.ts';
import { createExternalLinks } from './external-links.ts';
import { setApplicationMenu } from './menu.ts';
import { servePorts } from './rpc-port.ts';
import { restrictSession } from './session-rules.ts';
import { showWindow } from './window.ts';

const CAPABILITIES = {
  nativeDialogs: true,
  localPaths: true,
  dragOut: false,
  updates: false,
  confirmsExternalLinks: true,
} as const;

export type DesktopOptions = { readonly root: AppRoot; readonly dataDir: string; readonly logger: Logger };

/** What has to be in place before the first page exists. */
export function prepareDesktop({ root, dataDir }: DesktopOptions): void {
  app.setPath('userData', join(dataDir, 'browser'));
  const links = createExternalLinks();
  app.on('web-contents-created', (_event, contents) => restrictContents(contents, links));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('second-instance', () => showWindow({ preload: root.preload, dataDir }));
}

/**
 * Runs the desktop app until it quits: engine, page, window. Call when the app is ready.
 * @throws {DiskError} when the page or the data folder cannot be read
 */
export async function runDesktop({ root, dataDir, logger }: DesktopOptions): Promise<void> {
  restrictSession(session.defaultSession);
  setApplicationMenu(dataDir);
  const [uiFiles, ports] = await Promise.all([loadUiFiles(root.uiDir), openHostPorts({ dataDir, logger })]);
  const own = { ...ports, dialogs: createDialogs() };
  const backend = await createBackend(own, { version: root.version, capabilities: CAPABILITIES });
  closeBeforeQuit(() => backend.close());
  serveApp(uiFiles);
  servePorts({ router: backend.router, logger });
  showWindow({ preload: root.preload, dataDir });
  app.on('activate', () => showWindow({ preload: root.preload, dataDir }));
}

/** Holds the quit up until the engine has put its things down; a second attempt goes through. */
function closeBeforeQuit(close: () => Promise<void>): void {
  let closing = false;
  app.on('will-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    void close().finally(() => app.exit(0));
  });
}
