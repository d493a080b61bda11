import { credentialAccount } from '../credentials/account-name.ts';
import { InvalidInputError } from '../gantry-error.ts';
import type { RegistryReach, RegistryRow } from '../storage/registry-rows.ts';
import type { CheckedConnection } from './connection-input.ts';

type SignIn = Pick<RegistryRow, 'authKind' | 'username' | 'account'>;

/**
 * The row for what was typed; `previous` is the row it takes the place of, from which `unchanged` secrets are kept.
 * @throws {InvalidInputError} paths `auth` and `tls.clientCertificate.key`, when a secret may not be kept
 */
export function rowOf(id: string, checked: CheckedConnection, previous: RegistryRow | undefined): RegistryRow {
  const { host, label, plainHttp, skipVerification } = checked;
  const reach = reachOf(id, checked, previous);
  return {
    id,
    kind: 'remote',
    host,
    label,
    plainHttp,
    skipVerification,
    reach,
    ...signInOf(id, checked, previous),
  };
}

/** The same without its account: no secret, no client certificate, and nobody trusted with a secret. */
export function signedOutRow(row: RegistryRow): RegistryRow {
  const { clientCertificatePem: _pem, clientKeyAccount: _key, ...reach } = row.reach;
  return {
    ...row,
    authKind: 'anonymous',
    username: undefined,
    account: undefined,
    reach: { ...reach, trustedTokenHosts: [] },
  };
}

/** Names under which the credential store holds what belongs to the row. */
export function accountsOf(row: RegistryRow): readonly string[] {
  return [row.account, row.reach.clientKeyAccount].filter((account) => account !== undefined);
}

function signInOf(id: string, checked: CheckedConnection, previous: RegistryRow | undefined): SignIn {
  const { auth, host } = checked;
  if (auth.kind === 'unchanged') return keptSignIn(checked, previous);
  if (auth.kind === 'anonymous' || auth.kind === 'config') {
    return { authKind: auth.kind, username: undefined, account: undefined };
  }
  const username = auth.kind === 'password' ? auth.username : undefined;
  return { authKind: auth.kind, username, account: credentialAccount({ id, host }, auth) };
}

/**
 * The stored sign-in of `previous`, for its own address and no weaker protection only: a secret never follows an
 * edited address, and is never sent in clear, or to an unverified server, because of a tick alone.
 */
function keptSignIn(next: CheckedConnection, previous: RegistryRow | undefined): SignIn {
  if (previous === undefined) throw new InvalidInputError('auth', 'there is no stored sign-in to keep');
  const { authKind, username, account } = previous;
  if (account !== undefined) {
    if (previous.host !== next.host || previous.reach.apiPrefix !== next.reach.apiPrefix) {
      throw new InvalidInputError('auth', 'the address is another one: type the password or token again');
    }
    if (isWeaker(next, previous)) {
      throw new InvalidInputError('auth', 'the connection is less protected: type the password or token again');
    }
  }
  return { authKind, username, account };
}

/** Whether somebody could read along now who could not before: in clear, unverified, by another authority. */
function isWeaker({ plainHttp, skipVerification, reach }: CheckedConnection, previous: RegistryRow): boolean {
  if (plainHttp && !previous.plainHttp) return true;
  if (skipVerification && !previous.skipVerification) return true;
  if (reach.tls.caPem !== undefined && reach.tls.caPem !== previous.reach.caPem) return true;
  // Through verified TLS a proxy sees nothing.
  const isReadable = plainHttp || skipVerification;
  return isReadable && reach.proxy.kind === 'url' && !isSameProxy(reach.proxy, previous.reach.proxy);
}

function isSameProxy(one: RegistryReach['proxy'], other: RegistryReach['proxy']): boolean {
  return one.kind === 'url' && other.kind === 'url' && one.url === other.url;
}

function reachOf(id: string, checked: CheckedConnection, previous: RegistryRow | undefined): RegistryReach {
  const { tls, proxy, apiPrefix, repositoryPrefix, uploadChunkBytes } = checked.reach;
  const keyAccount = clientKeyAccount(id, checked, previous);
  return {
    ...(tls.caPem === undefined ? {} : { caPem: tls.caPem }),
    ...(tls.clientCertificatePem === undefined ? {} : { clientCertificatePem: tls.clientCertificatePem }),
    ...(keyAccount === undefined ? {} : { clientKeyAccount: keyAccount }),
    proxy,
    apiPrefix,
    repositoryPrefix,
    trustedTokenHosts: ownHosts('trustedTokenHosts', checked, previous),
    uploadHosts: ownHosts('uploadHosts', checked, previous),
    ...(uploadChunkBytes === undefined ? {} : { uploadChunkBytes }),
    ...(wasSeenOverHttps(checked, previous) ? { httpsSeen: true } : {}),
  };
}

/** Of the same host only. A person who asks for plain http takes it back. */
function wasSeenOverHttps({ host, plainHttp }: CheckedConnection, previous: RegistryRow | undefined): boolean {
  return previous?.host === host && !plainHttp && previous.reach.httpsSeen === true;
}

function clientKeyAccount(
  id: string,
  { host, reach }: CheckedConnection,
  previous: RegistryRow | undefined,
): string | undefined {
  const { clientKey } = reach.tls;
  if (clientKey === undefined) return undefined;
  if (clientKey !== 'unchanged') return credentialAccount({ id, host }, { kind: 'client-key' });
  const kept = previous?.reach.clientKeyAccount;
  if (previous === undefined || kept === undefined) {
    throw new InvalidInputError('tls.clientCertificate.key', 'there is no stored key to keep');
  }
  if (previous.host !== host) {
    throw new InvalidInputError('tls.clientCertificate.key', 'the host is another one: choose the key again');
  }
  return kept;
}

/** Trust was given for the credential and the content of one host: what was trusted there says nothing about another. */
function ownHosts(
  list: 'trustedTokenHosts' | 'uploadHosts',
  { host, reach }: CheckedConnection,
  previous: RegistryRow | undefined,
): string[] {
  const stale = previous === undefined || previous.host === host ? [] : previous.reach[list];
  return reach[list].filter((each) => !stale.includes(each));
}
