import { homedir } from 'node:os';
import { createKeychainStore } from '../core/credentials/keychain-store.ts';
import { openCredentialStore } from '../core/credentials/open-credential-store.ts';
import type { Logger, Ports } from '../core/ports.ts';
import { createSystemClock } from '../core/system/system-clock.ts';

type HostPorts = {
  /** Made by `prepareDataDir`. */
  readonly dataDir: string;
  readonly logger: Logger;
};

/** What both hosts give the engine: this machine's keychain (or memory), clock and home. */
export async function openHostPorts({ dataDir, logger }: HostPorts): Promise<Ports> {
  const clock = createSystemClock();
  const credentials = await openCredentialStore(logger, () => createKeychainStore({ clock }));
  return { credentials, logger, clock, paths: { dataDir, homeDir: homedir() } };
}
