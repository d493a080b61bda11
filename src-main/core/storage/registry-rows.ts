import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ConflictError } from '../gantry-error.ts';
import { isConstraintViolation } from './sqlite-error.ts';

/** How a registry is reached, beside its host: one JSON value, read with defaults so that old rows stay good. */
const reachSchema = z.object({
  caPem: z.string().optional(),
  clientCertificatePem: z.string().optional(),
  /** The name under which the credential store holds the client key (JSON: key and passphrase). */
  clientKeyAccount: z.string().optional(),
  proxy: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('system') }),
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('url'), url: z.string() }),
    ])
    .default({ kind: 'system' }),
  apiPrefix: z.string().default(''),
  repositoryPrefix: z.string().default(''),
  trustedTokenHosts: z.array(z.string()).default([]),
  uploadHosts: z.array(z.string()).default([]),
  uploadChunkBytes: z.int().positive().optional(),
  /** The host has been found over https: it is not asked over plain http again unless the person says so. */
  httpsSeen: z.literal(true).optional(),
});

/** See `RegistryConnection` for what each means. */
export type RegistryReach = Readonly<z.output<typeof reachSchema>>;

/** Of a registry that is reached without any option. */
export const PLAIN_REACH: RegistryReach = reachSchema.parse({});

/** What is not readable counts as plain: less is trusted then, and nothing is reached that was not reached before. */
function readReach(text: string): RegistryReach {
  try {
    return reachSchema.parse(JSON.parse(text));
  } catch {
    return PLAIN_REACH;
  }
}

const rowSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['local', 'remote']),
    host: z.string(),
    label: z.string().nullable(),
    plain_http: z.number(),
    skip_verification: z.number(),
    auth_kind: z.enum(['anonymous', 'password', 'bearer', 'identity', 'config']),
    username: z.string().nullable(),
    account: z.string().nullable(),
    reach: z.string(),
  })
  .transform((row) => ({
    id: row.id,
    kind: row.kind,
    host: row.host,
    label: row.label ?? undefined,
    plainHttp: row.plain_http !== 0,
    skipVerification: row.skip_verification !== 0,
    authKind: row.auth_kind,
    username: row.username ?? undefined,
    account: row.account ?? undefined,
    reach: readReach(row.reach),
  }));

/**
 * A registry as stored. `host` is canonical (empty for Local, whose port is new at each start); `account` is the
 * name under which the credential store holds the secret, absent when there is none. Never the secret itself.
 */
export type RegistryRow = Readonly<z.output<typeof rowSchema>>;

/** What may be written; `kind` is always `remote`, for the one Local row comes with the database. */
export type RegistryRowInput = Omit<RegistryRow, 'kind'>;

export type RegistryRows = {
  /** Local first, then in the order added. */
  list(): readonly RegistryRow[];
  find(id: string): RegistryRow | undefined;
  /** @throws {ConflictError} that host with that sign-in is there already */
  insert(row: RegistryRowInput): void;
  /** Keeps the position. @throws {ConflictError} as `insert` */
  update(row: RegistryRowInput): void;
  /** Removes a remote registry and its pins. False when there was none; never removes Local. */
  remove(id: string): boolean;
};

/** Whether the two stand for one entry of the list, as the database's unique index has it. */
export function isSameEntry(one: RegistryRowInput, other: RegistryRowInput): boolean {
  return (
    one.host === other.host &&
    one.authKind === other.authKind &&
    one.username === other.username &&
    one.reach.apiPrefix === other.reach.apiPrefix &&
    one.reach.repositoryPrefix === other.reach.repositoryPrefix &&
    (!isSignedInByToken(one) || one.label === other.label)
  );
}

/** A token has no user name by which a second one on the same host could be told from it: the label has to. */
export function isSignedInByToken({ authKind }: RegistryRowInput): boolean {
  return authKind === 'bearer' || authKind === 'identity';
}

const COLUMNS = 'id, kind, host, label, plain_http, skip_verification, auth_kind, username, account, reach';

/** The `registries` table. */
export function registryRows(db: DatabaseSync): RegistryRows {
  return {
    list: () =>
      db
        .prepare(`SELECT ${COLUMNS} FROM registries ORDER BY kind = 'local' DESC, position, rowid`)
        .all()
        .map((row) => rowSchema.parse(row)),
    find(id) {
      const row = db.prepare(`SELECT ${COLUMNS} FROM registries WHERE id = ?`).get(id);
      return row === undefined ? undefined : rowSchema.parse(row);
    },
    insert: (row) =>
      refuseDuplicates(row, () =>
        db
          .prepare(
            `INSERT INTO registries (${COLUMNS}, position)
             VALUES (:id, 'remote', :host, :label, :plainHttp, :skipVerification, :authKind, :username, :account, :reach,
                     (SELECT coalesce(max(position), 0) + 1 FROM registries))`,
          )
          .run(parameters(row)),
      ),
    update: (row) =>
      refuseDuplicates(row, () =>
        db
          .prepare(
            `UPDATE registries SET host = :host, label = :label, plain_http = :plainHttp,
                    skip_verification = :skipVerification, auth_kind = :authKind, username = :username,
                    account = :account, reach = :reach
             WHERE id = :id AND kind = 'remote'`,
          )
          .run(parameters(row)),
      ),
    remove: (id) => db.prepare(`DELETE FROM registries WHERE id = ? AND kind = 'remote'`).run(id).changes > 0,
  };
}

function parameters(row: RegistryRowInput): Record<string, string | number | null> {
  return {
    id: row.id,
    host: row.host,
    label: row.label ?? null,
    plainHttp: row.plainHttp ? 1 : 0,
    skipVerification: row.skipVerification ? 1 : 0,
    authKind: row.authKind,
    username: row.username ?? null,
    account: row.account ?? null,
    reach: JSON.stringify(row.reach),
  };
}

function refuseDuplicates(row: RegistryRowInput, write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
    const who = row.username === undefined ? '' : ` as ${row.username}`;
    throw new ConflictError(`${row.host}${who} is already in the list`);
  }
}
