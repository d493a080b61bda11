import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createBackend } from '../../api/create-backend.ts';
import { createFileLogger } from '../../core/system/json-logger.ts';
import { createSystemClock } from '../../core/system/system-clock.ts';
import { type AppRoot, readAppRoot } from '../app-root.ts';
import { prepareDataDir } from '../data-dir.ts';
import { openHostPorts } from '../host-ports.ts';
import { loadUiFiles } from '../ui-files.ts';
import type { WebArguments } from './arguments.ts';
import { startWebServer } from './http-server.ts';
import { hasDisplay, openBrowser } from './open-browser.ts';
import { createSessions } from './session.ts';

const CAPABILITIES = {
  nativeDialogs: false,
  localPaths: false,
  dragOut: false,
  updates: false,
  confirmsExternalLinks: false,
} as const;

/** A running web host. */
export type WebHost = {
  /** A new address with a code that is good once, for a minute. */
  newAddress(): string;
  close(): Promise<void>;
};

/**
 * Starts the engine and serves it.
 * @throws {DiskError} for a folder that cannot be used; the listen error of Node for a port that cannot
 */
export async function startWebHost({ port, dataDir }: WebArguments, app: AppRoot): Promise<WebHost> {
  const clock = createSystemClock();
  const folder = prepareDataDir(dataDir);
  // The terminal carries the address and nothing else.
  const logger = createFileLogger({ clock, path: join(folder, 'gantry.log') });
  const uiFiles = await loadUiFiles(app.uiDir);
  const ports = await openHostPorts({ dataDir: folder, logger });
  const backend = await createBackend(ports, { version: app.version, capabilities: CAPABILITIES });
  const sessions = createSessions(() => clock.now());
  try {
    const server = await startWebServer(
      { router: backend.router, files: backend.files, uiFiles, sessions, logger },
      port,
    );
    return {
      newAddress: () => `http://127.0.0.1:${server.port}/#code=${sessions.newCode()}`,
      close: async () => {
        await server.close();
        await backend.close();
      },
    };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** Runs until a signal comes: prints the address, opens it, and prints a new one whenever Enter is pressed. */
export async function runWebHost(options: WebArguments, mainDir: string): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const host = await startWebHost(options, readAppRoot(mainDir));
  const address = host.newAddress();
  print(address);
  if (options.open && hasDisplay()) openBrowser(address);
  if (process.stdin.isTTY) {
    process.stderr.write('Press Enter for a new address (each is good once, for a minute), Ctrl-C to stop.\n');
    createInterface({ input: process.stdin }).on('line', () => print(host.newAddress()));
  }
  await stopped;
  await host.close();
}

function print(address: string): void {
  process.stdout.write(`Gantry: ${address}\n`);
}
