import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { ConflictError, InvalidInputError, NotFoundError } from '../gantry-error.ts';
import type { Clock } from '../ports.ts';
import type { CredentialSource, RegistryConnection } from '../registry/registry-client.ts';
import type { RegistryRow, RegistryRows } from '../storage/registry-rows.ts';
import { type ChangeDependencies, createConnectionChanges } from './connection-changes.ts';
import { checkConnection, type ConnectionChoice } from './connection-input.ts';
import { rowOf, signedOutRow } from './connection-row.ts';
import { connectionFrom, storedClientKey, storedCredential, typedCredential } from './connection-secrets.ts';
import { checkTokenHost } from './reach-input.ts';
import { rememberHttps } from './remember-https.ts';
import { deleteLeftover, leftoversToDelete } from './secret-upkeep.ts';
import { createTokenUpkeep } from './token-upkeep.ts';
import { createTrialRenewals } from './trial-renewals.ts';

/** The id of the embedded registry. */
export const LOCAL_ID = 'local';

const MAX_TOKEN_HOSTS = 50;
const PATIENCE_MS = 3000;

export type ConnectionBook = {
  /** Local first, then in the order added. */
  list(): readonly RegistryRow[];
  /** @throws {NotFoundError} */
  get(id: string): RegistryRow;
  /**
   * Whether what the store should hold under that name can be had: false when a memory store has been lost, or the keychain
   * fails. A keychain that takes its time, since it may be asking for a password, is believed to hold it.
   */
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
  /**
   * Deletes from the keychain what was changed or removed while it was out of reach. Stops at the signal; what cannot
   * be deleted stays noted. Never rejects.
   */
  deleteLeftovers(signal: AbortSignal): Promise<void>;
  /** Resolves when every change under way is done, a renewed token's among them. */
  settled(): Promise<void>;
};

type Dependencies = ChangeDependencies & {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Where the credential of a host comes from when its registry uses docker's and podman's config. */
  readonly sourceOf: (host: string) => CredentialSource;
};

/** The list of registries: rows in the database and secrets in the credential store, changed together. */
export function createConnectionBook(dependencies: Dependencies): ConnectionBook {
  const { rows, credentials } = dependencies;
  const oneAtATime = pLimit(1);
  const change = createConnectionChanges(dependencies);
  const trials = createTrialRenewals();
  const upkeepOf = createTokenUpkeep(dependencies, oneAtATime);
  const sourceOf = (row: RegistryRow) => (row.authKind === 'config' ? dependencies.sourceOf(row.host) : undefined);

  return {
    list: () => rows.list(),
    get: (id) => findRow(id, rows),
    isThere: (account) => isThere(account, dependencies),
    add: (choice) => oneAtATime(() => change.save(randomUUID(), trials.renew(choice), undefined)),
    update: (id, choice) => oneAtATime(() => change.save(id, trials.renew(choice), findRemote(id, rows))),
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
    remove: (id) =>
      oneAtATime(async () => {
        if (id === LOCAL_ID) throw new ConflictError('the Local registry cannot be removed');
        const row = rows.find(id);
        if (row !== undefined) await change.remove(row);
        return row !== undefined;
      }),
    settled: () => oneAtATime(() => undefined),
    deleteLeftovers: async (signal) => {
      for (const account of leftoversToDelete(dependencies)) {
        if (!signal.aborted) await oneAtATime(() => deleteLeftover(account, signal, dependencies));
      }
    },
    connectionOf: async (id) => {
      const row = findRow(id, rows);
      const secrets = {
        credential: await storedCredential(row, credentials, upkeepOf(row)),
        credentialSource: sourceOf(row),
        clientKey: await storedClientKey(row, credentials),
      };
      return connectionFrom(row, secrets, () => void oneAtATime(() => rememberHttps(row, dependencies)));
    },
    trialConnection: async (choice, id) => {
      const checked = checkConnection(choice);
      const row = rowOf(id ?? 'trial', checked, id === undefined ? undefined : findRow(id, rows));
      const { clientKey } = checked.reach.tls;
      const isKept = checked.auth.kind === 'unchanged';
      return connectionFrom(row, {
        credential: isKept
          ? await storedCredential(row, credentials, upkeepOf(row))
          : trials.watch(typedCredential(checked)),
        credentialSource: sourceOf(row),
        clientKey: clientKey === 'unchanged' ? await storedClientKey(row, credentials) : clientKey,
      });
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
  if (isTrusted && others.length >= MAX_TOKEN_HOSTS) {
    throw new InvalidInputError('trustedTokenHosts', `more than ${MAX_TOKEN_HOSTS} token servers`);
  }
  return { ...row, reach: { ...row.reach, trustedTokenHosts: isTrusted ? [...others, host] : others } };
}

async function isThere(
  account: string | undefined,
  { credentials, clock, logger }: Pick<Dependencies, 'credentials' | 'clock' | 'logger'>,
): Promise<boolean> {
  if (account === undefined) return false;
  const found = credentials.get(account).then(
    (secret) => secret !== undefined,
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      logger.log('warn', 'credentials.unreadable', { account, reason });
      return false;
    },
  );
  const answered = new AbortController();
  // The list of registries is the first thing that a window shows, and may not wait for it.
  const late = clock.sleep(PATIENCE_MS, answered.signal).catch(() => undefined);
  try {
    return await Promise.race([found, late.then(() => true)]);
  } finally {
    answered.abort();
  }
}
