import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CredentialStoreError } from '../gantry-error.ts';
import type { Clock, CredentialStore } from '../ports.ts';
import { boundStore } from './bounded-store.ts';
import { splitLongSecrets } from './split-store.ts';

const SERVICE = 'Gantry';
/** An entry of the Credential Manager holds 2,560 bytes (CRED_MAX_CREDENTIAL_BLOB_SIZE); a long RSA key does not fit. */
const WINDOWS_MAX_BYTES = 2400;
const PROBE_TIMEOUT_MS = 5_000;

/** The three calls of keytar that are used. */
type Keytar = {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
};

type KeychainOptions = {
  readonly service?: string;
  readonly platform?: NodeJS.Platform;
  readonly clock: Pick<Clock, 'sleep'>;
};

/**
 * The keychain of the operating system, proven to work by writing, reading and deleting a throw-away entry.
 * @throws {CredentialStoreError} when the library cannot be loaded, or no keychain answers within 5 s
 */
export async function createKeychainStore(options: KeychainOptions): Promise<CredentialStore> {
  const { service = SERVICE, platform = process.platform, clock } = options;
  const keytar = await loadKeytar();
  await probe(keytar, service);
  const store: CredentialStore = {
    status: { kind: 'keychain', name: keychainName(platform) },
    get: async (account) => (await described('read', keytar.getPassword(service, account))) ?? undefined,
    set: (account, secret) => described('write', keytar.setPassword(service, account, secret)),
    delete: (account) => described('delete', keytar.deletePassword(service, account)),
  };
  return boundStore(platform === 'win32' ? splitLongSecrets(store, WINDOWS_MAX_BYTES) : store, clock);
}

async function loadKeytar(): Promise<Keytar> {
  try {
    const loaded: unknown = await import('keytar');
    // keytar is CommonJS whose names Node cannot see beforehand: they hang on `default`, not where its types say.
    const keytar = isObject(loaded) && 'default' in loaded ? loaded.default : loaded;
    if (isKeytar(keytar)) return keytar;
  } catch (error) {
    throw new CredentialStoreError(`the keychain library cannot be loaded: ${firstLine(error)}`, { cause: error });
  }
  throw new CredentialStoreError('the keychain library cannot be loaded: it has not the functions expected');
}

function isKeytar(value: unknown): value is Keytar {
  return isObject(value) && 'getPassword' in value && 'setPassword' in value && 'deletePassword' in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The work goes on after the time limit, so a slow keychain still gets the throw-away entry removed. */
async function probe(keytar: Keytar, service: string): Promise<void> {
  const account = `keychain check · ${randomUUID()}`;
  const work = (async (): Promise<string | null> => {
    await keytar.setPassword(service, account, account);
    try {
      return await keytar.getPassword(service, account);
    } finally {
      await keytar.deletePassword(service, account);
    }
  })();
  const read = await within(PROBE_TIMEOUT_MS, described('check', work));
  if (read !== account) throw new CredentialStoreError('the keychain did not give back what was written');
}

/** Turns any failure into a `CredentialStoreError`. */
async function described<T>(verb: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new CredentialStoreError(`the keychain could not ${verb}: ${firstLine(error)}`, { cause: error });
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, rejectAfter(timeoutMs, timer.signal)]);
  } finally {
    timer.abort();
  }
}

async function rejectAfter(timeoutMs: number, signal: AbortSignal): Promise<never> {
  await delay(timeoutMs, undefined, { signal });
  throw new CredentialStoreError(`the keychain did not answer within ${timeoutMs / 1000} seconds`);
}

function keychainName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'macOS Keychain';
  return platform === 'win32' ? 'Windows Credential Manager' : 'Secret Service';
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 200);
}
