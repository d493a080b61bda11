import { ConflictError } from '../gantry-error.ts';
import type { CredentialStore, Logger } from '../ports.ts';
import type { LeftoverRows } from '../storage/leftover-rows.ts';
import { isSameEntry, isSignedInByToken, type RegistryRow, type RegistryRows } from '../storage/registry-rows.ts';
import { checkConnection, type ConnectionChoice } from './connection-input.ts';
import { accountsOf, rowOf } from './connection-row.ts';
import { secretsToStore, storedClientKey } from './connection-secrets.ts';
import { swapSecrets } from './swap-secrets.ts';
import { checkKeyMatches } from './tls-input.ts';

export type ChangeDependencies = {
  readonly rows: RegistryRows;
  readonly leftovers: LeftoverRows;
  readonly credentials: CredentialStore;
  readonly logger: Logger;
  /** Canonical hosts that are in the list in another way (the Local registry) and cannot be added. */
  readonly reservedHosts?: () => readonly string[];
};

/** What changes rows and secrets together; the caller sees to it that one change runs at a time. */
export function createConnectionChanges(dependencies: ChangeDependencies) {
  const { rows, leftovers, credentials, logger, reservedHosts = () => [] } = dependencies;
  const onStray = (account: string): void => {
    try {
      leftovers.add(account);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      logger.log('error', 'credentials.stray', { account, reason });
    }
  };
  const write = async (
    row: RegistryRow,
    previous: RegistryRow | undefined,
    next: Parameters<typeof swapSecrets>[0]['next'],
  ): Promise<RegistryRow> => {
    refuseDuplicate(row, rows, reservedHosts());
    const kept = accountsOf(row);
    const obsolete = previous === undefined ? [] : accountsOf(previous).filter((account) => !kept.includes(account));
    const writeRow = (): void => {
      if (previous === undefined) rows.insert(row);
      else rows.update(row);
      noteTouched(dependencies, [...next.map(({ account }) => account), ...obsolete]);
    };
    await swapSecrets({ credentials, logger, next, obsolete, write: writeRow, onStray });
    return row;
  };

  return {
    write,
    save: async (id: string, choice: ConnectionChoice, previous: RegistryRow | undefined): Promise<RegistryRow> => {
      const checked = checkConnection(choice);
      const row = rowOf(id, checked, previous);
      const { clientKey, clientCertificatePem } = checked.reach.tls;
      const isOther = clientCertificatePem !== previous?.reach.clientCertificatePem;
      if (clientKey === 'unchanged' && clientCertificatePem !== undefined && isOther) {
        const stored = await storedClientKey(row, credentials);
        if (stored !== undefined) checkKeyMatches(stored, clientCertificatePem);
      }
      return write(row, previous, secretsToStore(checked, row));
    },
    remove: async (row: RegistryRow): Promise<void> => {
      const obsolete = accountsOf(row);
      const removeRow = (): void => {
        rows.remove(row.id);
        noteTouched(dependencies, obsolete);
      };
      await swapSecrets({ credentials, logger, next: [], obsolete, write: removeRow, onStray });
    },
  };
}

/**
 * While there is only memory, what the keychain holds under these names is out of date, or of no use any more, and
 * cannot be deleted: it is noted, for a later start with a keychain.
 */
function noteTouched({ credentials, leftovers }: ChangeDependencies, accounts: readonly string[]): void {
  for (const account of accounts) {
    if (credentials.status.kind === 'memory') leftovers.add(account);
    else leftovers.remove(account);
  }
}

/** Asked before the keychain is touched; the database's own unique index stays the judge. */
function refuseDuplicate(row: RegistryRow, rows: RegistryRows, reserved: readonly string[]): void {
  if (reserved.includes(row.host)) throw new ConflictError(`${row.host} is already in the list`);
  if (!rows.list().some((other) => other.id !== row.id && isSameEntry(other, row))) return;
  const hint = isSignedInByToken(row) ? '; give the other token a label of its own' : '';
  throw new ConflictError(`${row.host} with that sign-in is already in the list${hint}`);
}
