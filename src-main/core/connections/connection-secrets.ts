import { z } from 'zod';
import { CredentialStoreError } from '../gantry-error.ts';
import type { CredentialStore } from '../ports.ts';
import type {
  CredentialSource,
  RegistryConnection,
  RegistryCredential,
  TlsChoice,
} from '../registry/registry-client.ts';
import type { RegistryRow } from '../storage/registry-rows.ts';
import type { CheckedConnection } from './connection-input.ts';
import type { ClientKey } from './tls-input.ts';
import type { TokenUpkeep } from './token-upkeep.ts';

const clientKeySchema = z.object({ pem: z.string(), passphrase: z.string().optional() });

/** What has to be written into the credential store for `row`, made of what was typed. */
export function secretsToStore(
  { auth, reach }: CheckedConnection,
  row: RegistryRow,
): ReadonlyArray<{ readonly account: string; readonly secret: string }> {
  const secret = 'secret' in auth ? auth.secret : undefined;
  const { clientKey } = reach.tls;
  const key = clientKey === undefined || clientKey === 'unchanged' ? undefined : JSON.stringify(clientKey);
  return [
    { account: row.account, secret },
    { account: row.reach.clientKeyAccount, secret: key },
  ].flatMap(({ account, secret }) => (account === undefined || secret === undefined ? [] : [{ account, secret }]));
}

/** What was typed, when it is a credential. */
export function typedCredential({ auth }: CheckedConnection): RegistryCredential | undefined {
  return auth.kind === 'password' || auth.kind === 'bearer' || auth.kind === 'identity' ? auth : undefined;
}

/** The credential a row refers to; undefined when it has none, or the store has lost it. @throws {CredentialStoreError} */
export async function storedCredential(
  row: RegistryRow,
  credentials: CredentialStore,
  upkeep: TokenUpkeep,
): Promise<RegistryCredential | undefined> {
  if (row.account === undefined) return undefined;
  const secret = await credentials.get(row.account);
  if (secret === undefined) return undefined;
  if (row.authKind === 'bearer') return { kind: 'bearer', secret };
  if (row.authKind !== 'identity') return { kind: 'password', username: row.username ?? '', secret };
  let current = secret;
  const onRenewed = (renewed: string): void => {
    upkeep.keep(current, renewed);
    current = renewed;
  };
  const reread = async (): Promise<string | undefined> => {
    const stored = await upkeep.reread();
    current = stored ?? current;
    return stored;
  };
  return { kind: 'identity', secret, onRenewed, reread, alone: upkeep.alone };
}

/**
 * The client key a row refers to; undefined when it needs none.
 * @throws {CredentialStoreError} also when the store has lost it: without it the registry's refusal explains nothing
 */
export async function storedClientKey(row: RegistryRow, credentials: CredentialStore): Promise<ClientKey | undefined> {
  const account = row.reach.clientKeyAccount;
  if (account === undefined) return undefined;
  const text = await credentials.get(account);
  if (text === undefined) throw new CredentialStoreError('the client key is not there any more: choose it again');
  return parseClientKey(text);
}

/** The secrets inside a text of the credential store that holds more than one; none for any other text. */
export function secretsWithin(stored: string): readonly string[] {
  if (!stored.startsWith('{')) return [];
  try {
    const { pem, passphrase } = parseClientKey(stored);
    return passphrase === undefined ? [pem] : [pem, passphrase];
  } catch {
    return [];
  }
}

function parseClientKey(text: string): ClientKey {
  try {
    const { pem, passphrase } = clientKeySchema.parse(JSON.parse(text));
    return { pem, ...(passphrase === undefined ? {} : { passphrase }) };
  } catch {
    // No cause: an error of the parser may quote the key.
    throw new CredentialStoreError('the stored client key cannot be read: choose it again');
  }
}

/** How to reach the registry of a row with these secrets; `onHttpsSeen` is told of what the row should remember. */
export function connectionFrom(
  row: RegistryRow,
  secrets: {
    readonly credential: RegistryCredential | undefined;
    readonly credentialSource: CredentialSource | undefined;
    readonly clientKey: ClientKey | undefined;
  },
  onHttpsSeen?: () => void,
): RegistryConnection {
  const { host, plainHttp, skipVerification } = row;
  const { proxy, apiPrefix, repositoryPrefix, trustedTokenHosts, uploadHosts, uploadChunkBytes, httpsSeen } = row.reach;
  const { credential, credentialSource } = secrets;
  const tls = tlsOf(row, secrets.clientKey);
  return {
    host,
    plainHttp,
    skipVerification,
    proxy,
    apiPrefix,
    repositoryPrefix,
    trustedTokenHosts,
    uploadHosts,
    ...(uploadChunkBytes === undefined ? {} : { uploadChunkBytes }),
    ...(credential === undefined ? {} : { credential }),
    ...(credentialSource === undefined ? {} : { credentialSource }),
    ...(tls === undefined ? {} : { tls }),
    ...(httpsSeen === undefined ? {} : { httpsSeen }),
    ...(onHttpsSeen === undefined ? {} : { onHttpsSeen }),
  };
}

function tlsOf({ reach }: RegistryRow, clientKey: ClientKey | undefined): TlsChoice | undefined {
  const { caPem, clientCertificatePem } = reach;
  const client =
    clientKey === undefined || clientCertificatePem === undefined
      ? undefined
      : {
          certificatePem: clientCertificatePem,
          keyPem: clientKey.pem,
          ...(clientKey.passphrase === undefined ? {} : { passphrase: clientKey.passphrase }),
        };
  if (caPem === undefined && client === undefined) return undefined;
  return { ...(caPem === undefined ? {} : { caPem }), ...(client === undefined ? {} : { client }) };
}
