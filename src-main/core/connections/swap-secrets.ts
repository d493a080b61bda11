import type { CredentialStore, Logger } from '../ports.ts';

type Swap = {
  readonly credentials: CredentialStore;
  readonly logger: Logger;
  /** Written first; none when every secret stays as it is. */
  readonly next: ReadonlyArray<{ readonly account: string; readonly secret: string }>;
  /** Deleted before the row is written; none when no account goes out of use. */
  readonly obsolete: readonly string[];
  /** Writes the row that goes with it. */
  readonly write: () => unknown;
  /** Hears of an account that may hold a secret to which no row refers, since it could not be deleted. */
  readonly onStray: (account: string) => void;
};

/**
 * Changes secrets and row together: when a step fails, the ones before it are undone and its error is thrown.
 * @throws {CredentialStoreError} or what `write` throws
 */
export async function swapSecrets(swap: Swap): Promise<void> {
  const { credentials, next, obsolete, write } = swap;
  const touched = [...next.map(({ account }) => account), ...obsolete];
  const before = await Promise.all(touched.map(async (account) => [account, await credentials.get(account)] as const));
  try {
    for (const { account, secret } of next) await credentials.set(account, secret);
    for (const account of obsolete) await credentials.delete(account);
    write();
  } catch (error) {
    for (const [account, secret] of before) await restore(account, secret, swap);
    throw error;
  }
}

async function restore(
  account: string,
  secret: string | undefined,
  { credentials, logger, onStray }: Swap,
): Promise<void> {
  try {
    if (secret === undefined) await credentials.delete(account);
    else await credentials.set(account, secret);
  } catch {
    // The error that led here is the one to tell; this one only says which account to look at.
    logger.log('error', 'credentials.undo-failed', { account });
    if (secret === undefined) onStray(account);
  }
}
