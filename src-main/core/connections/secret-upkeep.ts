import type { CredentialStore, Logger } from '../ports.ts';
import type { LeftoverRows } from '../storage/leftover-rows.ts';
import type { RegistryRow, RegistryRows } from '../storage/registry-rows.ts';

/** What secrets are kept with, and what they belong to. */
export type UpkeepDependencies = {
  readonly rows: RegistryRows;
  readonly leftovers: LeftoverRows;
  readonly credentials: CredentialStore;
  readonly logger: Logger;
};

/**
 * Keeps the identity token that a token server gave in place of `previous`, unless a person has changed it meanwhile.
 * Never rejects: a token that cannot be kept is a line in the log.
 */
export async function keepRenewed(
  { id, account }: RegistryRow,
  { previous, renewed }: { readonly previous: string; readonly renewed: string },
  { rows, credentials, logger }: UpkeepDependencies,
): Promise<void> {
  try {
    if (account === undefined || rows.find(id)?.account !== account) return;
    if ((await credentials.get(account)) === previous) await credentials.set(account, renewed);
  } catch (error) {
    logger.log('warn', 'credentials.renewed-not-kept', { registryId: id, reason: reasonOf(error) });
  }
}

/**
 * The secret of a row as it is stored now; undefined when a person has meanwhile pointed the row elsewhere, or the
 * store fails, which is a line in the log.
 */
export async function rereadSecret(
  { id, account, host }: RegistryRow,
  { rows, credentials, logger }: UpkeepDependencies,
): Promise<string | undefined> {
  try {
    const now = rows.find(id);
    if (account === undefined || now?.account !== account || now.host !== host) return undefined;
    return await credentials.get(account);
  } catch (error) {
    logger.log('warn', 'credentials.unreadable', { registryId: id, reason: reasonOf(error) });
    return undefined;
  }
}

/** Account names whose keychain entries can be deleted now, because there is a keychain. */
export function leftoversToDelete({ credentials, leftovers }: UpkeepDependencies): readonly string[] {
  return credentials.status.kind === 'keychain' ? leftovers.list() : [];
}

/** Deletes one, unless the name has come into use again. Never rejects: what cannot be deleted stays noted. */
export async function deleteLeftover(
  account: string,
  signal: AbortSignal,
  { leftovers, credentials, logger }: UpkeepDependencies,
): Promise<void> {
  try {
    if (signal.aborted || !leftovers.list().includes(account)) return;
    await credentials.delete(account);
    if (!signal.aborted) leftovers.remove(account);
  } catch (error) {
    logger.log('warn', 'credentials.leftover-kept', { account, reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
