import type { Registry } from '#shared/api/registries.ts';
import { PLAIN_REACH, type RegistryRow } from '../core/storage/registry-rows.ts';
import type { Services } from './services.ts';

/** A registry as it crosses the wire: everything but its secrets. */
export async function describeRegistry(row: RegistryRow, services: Services): Promise<Registry> {
  if (row.kind === 'local') return describeLocal(row, services);
  const { id, kind, host, plainHttp, skipVerification } = row;
  return {
    id,
    kind,
    host,
    label: row.label ?? host,
    plainHttp,
    skipVerification,
    auth: authOf(row),
    secret: await secretState(row, services),
    ...(row.account === undefined ? {} : { keychainName: row.account }),
    ...reachOf(row, await services.book.isThere(row.reach.clientKeyAccount)),
  };
}

/** `host[:port]` under which a registry is known here; of Local the address it has at this start. */
export function hostOf({ kind, host }: RegistryRow, { localShelf }: Pick<Services, 'localShelf'>): string {
  if (kind !== 'local') return host;
  return localShelf.state.state === 'running' ? localShelf.state.address : '127.0.0.1';
}

function describeLocal(row: RegistryRow, services: Services): Registry {
  const { id, kind } = row;
  const host = hostOf(row, services);
  return {
    id,
    kind,
    host,
    label: 'Local',
    plainHttp: true,
    skipVerification: false,
    auth: { kind: 'anonymous' },
    secret: 'none',
    ...reachOf({ reach: PLAIN_REACH }, false),
  };
}

function reachOf({ reach }: Pick<RegistryRow, 'reach'>, hasClientKey: boolean) {
  const { caPem, clientCertificatePem, proxy, apiPrefix, repositoryPrefix, uploadChunkBytes } = reach;
  return {
    tls: {
      ...(caPem === undefined ? {} : { caPem }),
      ...(clientCertificatePem === undefined ? {} : { clientCertificatePem }),
      hasClientKey,
    },
    proxy,
    apiPrefix,
    repositoryPrefix,
    trustedTokenHosts: [...reach.trustedTokenHosts],
    uploadHosts: [...reach.uploadHosts],
    ...(uploadChunkBytes === undefined ? {} : { uploadChunkBytes }),
  };
}

function authOf({ authKind, username }: RegistryRow): Registry['auth'] {
  return authKind === 'password' ? { kind: authKind, username: username ?? '' } : { kind: authKind };
}

async function secretState(row: RegistryRow, { book, ports }: Services): Promise<Registry['secret']> {
  if (row.authKind === 'anonymous') return 'none';
  if (row.authKind === 'config') return 'config';
  return (await book.isThere(row.account)) ? ports.credentials.status.kind : 'missing';
}
