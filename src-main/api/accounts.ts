import type { CredentialExplanation } from '#shared/api/accounts.ts';
import type { RegistryRow } from '../core/storage/registry-rows.ts';
import { describeRegistry } from './describe-registry.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `accounts.*` */
export function accountsHandlers(os: Implementer, services: Services) {
  const { book, changes, clients } = services;
  const changed = (row: RegistryRow) => {
    clients.forget(row.id);
    changes.publish({ area: 'registries' });
    return describeRegistry(row, services);
  };
  return {
    explain: os.accounts.explain.handler(({ input }) => explain(book.get(input.id), services)),

    trustTokenHost: os.accounts.trustTokenHost.handler(async ({ input: { id, host, trusted } }) =>
      changed(await book.trustTokenHost(id, host, trusted)),
    ),

    signOut: os.accounts.signOut.handler(async ({ input }) => changed(await book.signOut(input.id))),
  };
}

async function explain(row: RegistryRow, { book, ports }: Services): Promise<CredentialExplanation> {
  const { status } = ports.credentials;
  if (row.authKind === 'anonymous' || row.authKind === 'config') {
    return { kind: 'anonymous', why: 'this registry is used without signing in', considered: [] };
  }
  const isThere = await book.isThere(row.account);
  const place = status.kind === 'keychain' ? status.name : 'memory, until Gantry closes';
  return {
    kind: row.authKind,
    ...(row.username === undefined ? {} : { username: row.username }),
    why: isThere ? `stored for this registry in ${place}` : `none: it is not in ${place} any more`,
    considered: [
      {
        source: 'keychain',
        place,
        ...(row.account === undefined ? {} : { key: row.account }),
        outcome: isThere ? 'used' : 'absent',
      },
    ],
  };
}
