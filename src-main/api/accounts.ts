import type { CredentialExplanation } from '#shared/api/accounts.ts';
import { placesHolding } from '../core/config-credentials/suggest-registries.ts';
import type { RegistryRow } from '../core/storage/registry-rows.ts';
import { describeRegistry } from './describe-registry.ts';
import type { Implementer } from './error-boundary.ts';
import { forgettingSeen } from './forgetting-seen.ts';
import type { Services } from './services.ts';

/** `accounts.*` */
export function accountsHandlers(os: Implementer, services: Services) {
  const { book, changes, clients, layers } = services;
  const changed = (row: RegistryRow) => {
    clients.forget(row.id);
    changes.publish({ area: 'registries' });
    return describeRegistry(row, services);
  };
  return {
    explain: os.accounts.explain.handler(({ input: { id, repository }, signal }) =>
      explain(book.get(id), { repository, signal }, services),
    ),

    trustTokenHost: os.accounts.trustTokenHost.handler(async ({ input: { id, host, trusted } }) =>
      changed(await book.trustTokenHost(id, host, trusted)),
    ),

    keptLayers: os.accounts.keptLayers.handler(({ input: { id } }) => layers.sizesOf((from) => from === id)),

    signOut: os.accounts.signOut.handler(({ input: { id } }) =>
      // What only the account could see.
      forgettingSeen(id, services, async () => changed(await book.signOut(id))),
    ),
  };
}

function explain(
  row: RegistryRow,
  options: { readonly repository: string | undefined; readonly signal: AbortSignal | undefined },
  services: Services,
): Promise<CredentialExplanation> | CredentialExplanation {
  if (row.kind === 'local')
    return { kind: 'anonymous', why: 'the Local registry asks for no credential', considered: [] };
  if (row.authKind === 'config') return explainConfig(row, options, services);
  if (row.authKind === 'anonymous') return explainAnonymous(row, services);
  return explainStored(row, row.authKind, services);
}

async function explainAnonymous({ host }: RegistryRow, { config }: Services): Promise<CredentialExplanation> {
  const considered = [...placesHolding(await config.readPlaces(), host)];
  return { kind: 'anonymous', why: 'this registry is used without signing in', considered };
}

async function explainConfig(
  { host, reach }: RegistryRow,
  { repository, signal }: { readonly repository: string | undefined; readonly signal: AbortSignal | undefined },
  { config }: Services,
): Promise<CredentialExplanation> {
  const { repositoryPrefix: prefix } = reach;
  const remote = repository === undefined || prefix === '' ? repository : `${prefix}/${repository}`;
  const { credential, why, considered } = await config.lookUp({ host, repository: remote, signal });
  return {
    kind: credential?.kind ?? 'anonymous',
    ...(credential?.kind === 'password' ? { username: credential.username } : {}),
    why,
    considered: [...considered],
  };
}

async function explainStored(
  { account, username }: RegistryRow,
  kind: 'password' | 'bearer' | 'identity',
  { book, ports }: Services,
): Promise<CredentialExplanation> {
  const { status } = ports.credentials;
  const place = status.kind === 'keychain' ? status.name : 'memory';
  const isThere = await book.isThere(account);
  return {
    kind,
    ...(username === undefined ? {} : { username }),
    why: isThere ? `stored for this registry in ${place}` : `${place} does not hold it any more`,
    considered: [
      {
        source: 'keychain',
        place,
        ...(account === undefined ? {} : { key: account }),
        outcome: isThere ? 'used' : 'absent',
      },
    ],
  };
}
