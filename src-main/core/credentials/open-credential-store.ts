import { CredentialStoreError } from '../gantry-error.ts';
import type { CredentialStore, Logger } from '../ports.ts';
import { createMemoryStore } from './memory-store.ts';

/** The keychain when it works; else memory, with the reason in words for a person. Never throws. */
export async function openCredentialStore(
  logger: Logger,
  openKeychain: () => Promise<CredentialStore>,
): Promise<CredentialStore> {
  try {
    return await openKeychain();
  } catch (error) {
    const detail = error instanceof CredentialStoreError ? error.reason : String(error);
    logger.log('warn', 'credentials.memory-only', { detail });
    return createMemoryStore(`${explain(detail)}: passwords are kept until Gantry closes.`);
  }
}

/** What libsecret and keytar say, in plain words. Anything else is quoted as it is. */
function explain(detail: string): string {
  if (/D-?Bus|org\.freedesktop\.secrets|not provided by any|autolaunch|could not connect/i.test(detail)) {
    return 'No secret service answers on this desktop';
  }
  if (/cannot be loaded/.test(detail)) {
    return 'The keychain library cannot be loaded (on Linux it needs libsecret)';
  }
  if (/did not answer/.test(detail)) return 'The keychain does not answer; it may be locked';
  return `The keychain cannot be used (${detail})`;
}
