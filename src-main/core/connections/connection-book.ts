import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { ConflictError, NotFoundError } from '../gantry-error.ts';
import type { CredentialStore, Logger } from '../ports.ts';
import type { CredentialSource, RegistryConnection } from '../registry/registry-client.ts';
import type { RegistryRow, RegistryRows } from '../storage/registry-rows.ts';
import { checkConnection, type ConnectionChoice } from './connection-input.ts';
import { accountsOf, rowOf, signedOutRow } from './connection-row.ts';
import {
  connectionFrom,
  secretsToStore,
  storedClientKey,
  storedCredential,
  typedCredential,
} from './connection-secrets.ts';
import { checkTokenHost } from './reach-input.ts';
import { swapSecrets } from './swap-secrets.ts';
import { checkKeyMatches } from './tls-input.ts';

/** The id of the embedded registry. */
export const LOCAL_ID = 'local';

export type ConnectionBook = {
  /** Local first, then in the order added. */
  list(): readonly RegistryRow[];
  /** @throws {NotFoundError} */
  get(id: string): RegistryRow;
  /** Whether what the store should hold under that name can be had: false when a memory store has been lost, or the keychain fails. */
  isThere(account: string | undefined): Promise<boolean>;
  /** @throws {InvalidInputError | ConflictError | CredentialStoreError} */
  add(choice: ConnectionChoice): Promise<RegistryRow>;
  /** @throws {InvalidInputError | ConflictError | NotFoundError | CredentialStoreError} */
  update(id: string, choice: ConnectionChoice): Promise<RegistryRow>;
  /** Deletes the secret and the client key for good. @throws {ConflictError | NotFoundError | CredentialStoreError} */
  signOut(id: string): Promise<RegistryRow>;
  /** @throws {InvalidInputError | ConflictError | NotFoundError} */
  trustTokenHost(id: string, host: string, isTrusted: boolean): Promise<RegistryRow>;
  /** False when there was none. @throws {ConflictError} for Local. @throws {CredentialStoreError} */
  remove(id: string): Promise<boolean>;
  /** How to reach a stored remote registry. @throws {NotFoundError | CredentialStoreError} */
  connectionOf(id: string): Promise<RegistryConnection>;
  /** How to reach what was typed, for a trial; `id` is the stored registry that `unchanged` means. */
  trialConnection(choice: ConnectionChoice, id?: string): Promise<RegistryConnection>;
};

type Dependencies = {
  readonly rows: RegistryRows;
  readonly credentials: CredentialStore;
  readonly logger: Logger;
  /** Where the credential of a host comes from when its registry uses docker's and podman's config. */
  readonly sourceOf: (host: string) => CredentialSource;
  /** Canonical hosts that are in the list in another way (the Local registry) and cannot be added. */
  readonly reservedHosts?: () => readonly string[];
};

/** The list of registries: rows in the database and secrets in the credential store, changed together. */
export function createConnectionBook(dependencies: Dependencies): ConnectionBook {
  const { rows, credentials, logger } = dependencies;
  const oneAtATime = pLimit(1);
  const change = createChanges(dependencies);
  const renew = (row: RegistryRow) => (previous: string, renewed: string) =>
    void oneAtATime(() => change.renew(row, previous, renewed));
  const sourceOf = (row: RegistryRow) => (row.authKind === 'config' ? dependencies.sourceOf(row.host) : undefined);

  return {
    list: () => rows.list(),
    get: (id) => findRow(id, rows),
    isThere: (account) => isThere(account, credentials, logger),
    add: (choice) => oneAtATime(() => change.save(randomUUID(), choice, undefined)),
    update: (id, choice) => oneAtATime(() => change.save(id, choice, findRemote(id, rows))),
    signOut: (id) =>
      oneAtATime(() => {
        const previous = findRemote(id, rows);
        return change.write(signedOutRow(previous), previous, []);
      }),
    trustTokenHost: (id, host, isTrusted) =>
      oneAtATime(() => {
        const previous = findRemote(id, rows);
        return change.write(withTokenHost(previous, checkTokenHost(host), isTrusted), previous, []);
      }),
    remove: (id) => oneAtATime(() => change.remove(id)),
    connectionOf: async (id) => {
      const row = findRow(id, rows);
      return connectionFrom(row, {
        credential: await storedCredential(row, credentials, renew(row)),
        credentialSource: sourceOf(row),
        clientKey: await storedClientKey(row, credentials),
      });
    },
    trialConnection: async (choice, id) => {
      const checked = checkConnection(choice);
      const row = rowOf(id ?? 'trial', checked, id === undefined ? undefined : findRow(id, rows));
      const { clientKey } = checked.reach.tls;
      const isKept = checked.auth.kind === 'unchanged';
      return connectionFrom(row, {
        credential: isKept ? await storedCredential(row, credentials, renew(row)) : typedCredential(checked),
        credentialSource: sourceOf(row),
        clientKey: clientKey === 'unchanged' ? await storedClientKey(row, credentials) : clientKey,
      });
    },
  };
}

/** What changes rows and secrets; the caller sees to it that one runs at a time. */
function createChanges({ rows, credentials, logger, reservedHosts = () => [] }: Dependencies) {
  const write = async (
    row: RegistryRow,
    previous: RegistryRow | undefined,
    next: Parameters<typeof swapSecrets>[0]['next'],
  ): Promise<RegistryRow> => {
    refuseDuplicate(row, rows, reservedHosts());
    const kept = accountsOf(row);
    await swapSecrets({
      credentials,
      logger,
      next,
      obsolete: previous === undefined ? [] : accountsOf(previous).filter((account) => !kept.includes(account)),
      write: () => (previous === undefined ? rows.insert(row) : rows.update(row)),
    });
    return row;
  };

  return {
    write,
    save: async (id: string, choice: ConnectionChoice, previous: RegistryRow | undefined): Promise<RegistryRow> => {
      const checked = checkConnection(choice);
      const row = rowOf(id, checked, previous);
      const { clientKey, clientCertificatePem } = checked.reach.tls;
      if (clientKey === 'unchanged' && clientCertificatePem !== undefined) {
        const stored = await storedClientKey(row, credentials);
        if (stored !== undefined) checkKeyMatches(stored, clientCertificatePem);
      }
      return write(row, previous, secretsToStore(checked, row));
    },
    remove: async (id: string): Promise<boolean> => {
      if (id === LOCAL_ID) throw new ConflictError('the Local registry cannot be removed');
      const row = rows.find(id);
      if (row === undefined) return false;
      const obsolete = accountsOf(row);
      await swapSecrets({ credentials, logger, next: [], obsolete, write: () => rows.remove(id) });
      return true;
    },
    /** Keeps the token that a server gave in place of the stored one, unless a person has changed it meanwhile. */
    renew: async ({ id, account }: RegistryRow, previous: string, renewed: string): Promise<void> => {
      try {
        if (account === undefined || rows.find(id)?.account !== account) return;
        if ((await credentials.get(account)) === previous) await credentials.set(account, renewed);
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown';
        logger.log('warn', 'credentials.renewed-not-kept', { registryId: id, reason });
      }
    },
  };
}

function findRow(id: string, rows: RegistryRows): RegistryRow {
  const row = rows.find(id);
  if (row === undefined) throw new NotFoundError('registry');
  return row;
}

function findRemote(id: string, rows: RegistryRows): RegistryRow {
  const row = findRow(id, rows);
  if (row.kind === 'local') throw new ConflictError('the Local registry cannot be changed');
  return row;
}

function withTokenHost(row: RegistryRow, host: string, isTrusted: boolean): RegistryRow {
  const others = row.reach.trustedTokenHosts.filter((each) => each !== host);
  return { ...row, reach: { ...row.reach, trustedTokenHosts: isTrusted ? [...others, host] : others } };
}

/** Asked before the keychain is touched; the database's own unique index stays the judge. */
function refuseDuplicate(row: RegistryRow, rows: RegistryRows, reserved: readonly string[]): void {
  if (reserved.includes(row.host)) throw new ConflictError(`${row.host} is already in the list`);
  const same = rows
    .list()
    .some(
      (other) =>
        other.id !== row.id &&
        other.host === row.host &&
        other.authKind === row.authKind &&
        other.username === row.username &&
        other.reach.repositoryPrefix === row.reach.repositoryPrefix,
    );
  if (same) throw new ConflictError(`${row.host} with that sign-in is already in the list`);
}

async function isThere(account: string | undefined, credentials: CredentialStore, logger: Logger): Promise<boolean> {
  if (account === undefined) return false;
  try {
    return (await credentials.get(account)) !== undefined;
  } catch (error) {
    logger.log('warn', 'credentials.unreadable', {
      account,
      reason: error instanceof Error ? error.message : 'unknown',
    });
    return false;
  }
}
