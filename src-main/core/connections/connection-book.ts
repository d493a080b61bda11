import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { credentialAccount } from '../credentials/account-name.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../gantry-error.ts';
import type { CredentialStore, Logger } from '../ports.ts';
import type { RegistryConnection, RegistryCredential } from '../registry/registry-client.ts';
import { PLAIN_REACH, type RegistryRow, type RegistryRows } from '../storage/registry-rows.ts';
import { type CheckedConnection, checkConnection, type ConnectionChoice } from './connection-input.ts';
import { swapSecret } from './swap-secret.ts';

/** The id of the embedded registry. */
export const LOCAL_ID = 'local';

export type ConnectionBook = {
  /** Local first, then in the order added. */
  list(): readonly RegistryRow[];
  /** @throws {NotFoundError} */
  get(id: string): RegistryRow;
  /** Whether the secret that a row expects can be had: false when a memory store has been lost, or the keychain fails. */
  hasSecret(row: RegistryRow): Promise<boolean>;
  /** @throws {InvalidInputError | ConflictError | CredentialStoreError} */
  add(choice: ConnectionChoice): Promise<RegistryRow>;
  /** @throws {InvalidInputError | ConflictError | NotFoundError | CredentialStoreError} */
  update(id: string, choice: ConnectionChoice): Promise<RegistryRow>;
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
  /** Canonical hosts that are in the list in another way (the Local registry) and cannot be added. */
  readonly reservedHosts?: () => readonly string[];
};

/** The list of registries: rows in the database and secrets in the credential store, changed together. */
export function createConnectionBook(dependencies: Dependencies): ConnectionBook {
  const { rows, credentials, logger, reservedHosts = () => [] } = dependencies;
  const oneAtATime = pLimit(1);
  const find = (id: string): RegistryRow => {
    const row = rows.find(id);
    if (row === undefined) throw new NotFoundError('registry');
    return row;
  };
  const save = (row: RegistryRow, previous: RegistryRow | undefined, secret: string | undefined) =>
    swapSecret({
      credentials,
      logger,
      next: secret === undefined || row.account === undefined ? undefined : { account: row.account, secret },
      obsolete: previous?.account === row.account ? undefined : previous?.account,
      write: () => (previous === undefined ? rows.insert(row) : rows.update(row)),
    });

  return {
    list: () => rows.list(),
    get: find,
    hasSecret: (row) => isSecretThere(row, credentials, logger),
    add: (choice) =>
      oneAtATime(async () => {
        const checked = checkConnection(choice);
        const row = rowOf(randomUUID(), checked, undefined);
        refuseDuplicate(row, rows, reservedHosts());
        await save(row, undefined, secretOf(checked));
        return row;
      }),
    update: (id, choice) =>
      oneAtATime(async () => {
        const previous = find(id);
        if (previous.kind === 'local') throw new ConflictError('the Local registry cannot be changed');
        const checked = checkConnection(choice);
        const row = rowOf(id, checked, previous);
        refuseDuplicate(row, rows, reservedHosts());
        await save(row, previous, secretOf(checked));
        return row;
      }),
    remove: (id) => oneAtATime(() => removeRow(id, { rows, credentials, logger })),
    connectionOf: async (id) => {
      const row = find(id);
      return connection(row, await storedCredential(row, credentials));
    },
    trialConnection: async (choice, id) => {
      const checked = checkConnection(choice);
      const row = rowOf(id ?? 'trial', checked, id === undefined ? undefined : find(id));
      return connection(
        row,
        checked.auth.kind === 'unchanged' ? await storedCredential(row, credentials) : credentialOf(checked),
      );
    },
  };
}

async function removeRow(
  id: string,
  { rows, credentials, logger }: Pick<Dependencies, 'rows' | 'credentials' | 'logger'>,
): Promise<boolean> {
  if (id === LOCAL_ID) throw new ConflictError('the Local registry cannot be removed');
  const row = rows.find(id);
  if (row === undefined) return false;
  await swapSecret({ credentials, logger, next: undefined, obsolete: row.account, write: () => rows.remove(id) });
  return true;
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
        other.username === row.username,
    );
  if (same) throw new ConflictError(`${row.host} with that sign-in is already in the list`);
}

function rowOf(id: string, checked: CheckedConnection, previous: RegistryRow | undefined): RegistryRow {
  const { host, label, plainHttp, skipVerification, auth } = checked;
  const reach = previous?.reach ?? PLAIN_REACH;
  const common = { id, kind: 'remote', host, label, plainHttp, skipVerification, reach } as const;
  if (auth.kind === 'unchanged') return { ...common, ...keptSignIn(checked, previous) };
  if (auth.kind === 'anonymous' || auth.kind === 'config') {
    return { ...common, authKind: auth.kind, username: undefined, account: undefined };
  }
  const username = auth.kind === 'password' ? auth.username : undefined;
  return { ...common, authKind: auth.kind, username, account: credentialAccount({ id, host, username }) };
}

/**
 * The stored sign-in of `previous`, for its own host and no weaker protection only: a secret never follows an edited
 * address, and is never sent in clear, or to an unverified server, because of a tick alone.
 */
function keptSignIn(
  next: CheckedConnection,
  previous: RegistryRow | undefined,
): Pick<RegistryRow, 'authKind' | 'username' | 'account'> {
  if (previous === undefined) throw new InvalidInputError('auth', 'there is no stored sign-in to keep');
  const { authKind, username, account } = previous;
  if (authKind !== 'anonymous') {
    if (previous.host !== next.host) {
      throw new InvalidInputError('auth', 'the host is another one: type the password or token again');
    }
    const isWeaker = (next.plainHttp && !previous.plainHttp) || (next.skipVerification && !previous.skipVerification);
    if (isWeaker) {
      throw new InvalidInputError('auth', 'the connection is less protected: type the password or token again');
    }
  }
  return { authKind, username, account };
}

function secretOf({ auth }: CheckedConnection): string | undefined {
  return auth.kind === 'password' || auth.kind === 'bearer' || auth.kind === 'identity' ? auth.secret : undefined;
}

function credentialOf({ auth }: CheckedConnection): RegistryCredential | undefined {
  return auth.kind === 'password' || auth.kind === 'bearer' || auth.kind === 'identity' ? auth : undefined;
}

async function storedCredential(
  row: RegistryRow,
  credentials: CredentialStore,
): Promise<RegistryCredential | undefined> {
  if (row.account === undefined) return undefined;
  const secret = await credentials.get(row.account);
  if (secret === undefined) return undefined;
  if (row.authKind === 'bearer' || row.authKind === 'identity') return { kind: row.authKind, secret };
  return { kind: 'password', username: row.username ?? '', secret };
}

async function isSecretThere(row: RegistryRow, credentials: CredentialStore, logger: Logger): Promise<boolean> {
  if (row.account === undefined) return false;
  try {
    return (await credentials.get(row.account)) !== undefined;
  } catch (error) {
    logger.log('warn', 'credentials.unreadable', {
      registryId: row.id,
      reason: error instanceof Error ? error.message : 'unknown',
    });
    return false;
  }
}

function connection(row: RegistryRow, credential: RegistryCredential | undefined): RegistryConnection {
  const { host, plainHttp, skipVerification } = row;
  return { host, plainHttp, skipVerification, ...(credential === undefined ? {} : { credential }) };
}
