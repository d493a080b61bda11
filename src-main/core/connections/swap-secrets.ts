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
};

/**
 * Changes secrets and row together: when a step fails, the ones before it are undone and its error is thrown.
 * @throws {CredentialStoreError} or what `write` throws
 */
export async function swapSecrets({ credentials, logger, next, obsolete, write }: Swap): Promise<void> {
  const touched = [...next.map(({ account }) => account), ...obsolete];
  const before = await Promise.all(touched.map(async (account) => [account, await credentials.get(account)] as const));
  try {
    for (const { account, secret } of next) await credentials.set(account, secret);
    for (const account of obsolete) await credentials.delete(account);
    write();
  } catch (error) {
    for (const [account, secret] of before) await restore(account, secret, { credentials, logger });
    throw error;
  }
}

async function restore(
  account: string,
  secret: string | undefined,
  { credentials, logger }: Pick<Swap, 'credentials' | 'logger'>,
): Promise<void> {
  try {
    if (secret === undefined) await credentials.delete(account);
    else await credentials.set(account, secret);
  } catch {
    // The error that led here is the one to tell; this one only says which account to look at.
    logger.log('error', 'credentials.undo-failed', { account });
  }
}
