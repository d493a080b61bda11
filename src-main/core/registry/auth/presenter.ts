import type { RegistryConnection } from '../registry-client.ts';
import type { Endpoint } from '../transport/http.ts';
import { isRegistryError } from '../transport/registry-error.ts';
import type { Caller } from './caller.ts';
import { checkDestination, type DestinationRules } from './destination.ts';
import type { Identities } from './identities.ts';
import { basicOf, type Identity } from './identity.ts';
import type { Means, Scheme } from './schemes.ts';
import { repositoryOf } from './scopes.ts';
import type { TokenDeps } from './token.ts';
import { createTokenStore } from './token-store.ts';

/** What one sending of a request carries. */
export type Attempt = {
  readonly authorization: string | undefined;
  /** Whose it is; absent before anybody had to be found. */
  readonly identity: Identity | undefined;
};

/** What is wanted: the right to these scopes, and not with what has just been refused. */
export type Wanted = {
  /** What the operation needs, as `repositoryOf` reads it, and what it may have besides. */
  readonly scopes: readonly string[];
  readonly stale?: string | undefined;
  readonly caller: Caller;
};

/** Turns an identity into an `Authorization`, by the scheme the registry was found to want. */
export type Presenter = {
  /**
   * As this identity, or, where the token server refuses it, as the one its source has by now.
   * @throws {RegistryError} `untrusted-host`, `plaintext-auth`, `unauthorized` and what token calls throw
   * @throws {CredentialHelperError}
   */
  present(identity: Identity, wanted: Wanted): Promise<Attempt>;
  /** As another than this one, which the registry refused; undefined when its source has no other. @throws as `present` */
  presentAnother(refused: Identity, wanted: Wanted): Promise<Attempt | undefined>;
  /** Every token in memory. */
  tokens(): readonly string[];
  /** As `TokenStore.expiresAtMs`. */
  expiresAtMs(authorization: string): number | undefined;
};

export type PresenterDeps = TokenDeps & {
  readonly connection: RegistryConnection;
  readonly endpoint: Endpoint;
  readonly identities: Identities;
  /** What the registry wants, by what one has. */
  readonly schemes: ReadonlyMap<Means, Scheme>;
};

export function createPresenter(deps: PresenterDeps): Presenter {
  const { connection, endpoint, identities, schemes } = deps;
  const rules: DestinationRules = { connection, registry: endpoint.url, classify: deps.transport.classify };
  const tokens = createTokenStore({ ...deps, ...rules });

  const authorizationOf = async (identity: Identity, { scopes, stale, caller }: Wanted) => {
    const { credential } = identity;
    const scheme = schemes.get(meansOf(identity));
    if (credential?.kind !== 'bearer' && scheme === undefined) return undefined;
    // What a credential was traded for is as good as the credential while it lasts.
    if (credential !== undefined) checkDestination(endpoint.url, rules);
    if (credential?.kind === 'bearer') return `Bearer ${credential.secret}`;
    if (scheme?.kind !== 'bearer') return basicOf(credential);
    return await tokens.get({ scheme, scopes, identity, stale, caller });
  };

  const presentAnother = async (refused: Identity, wanted: Wanted) => {
    const identity = await identities.refind(repositoryOf(wanted.scopes), refused, wanted.caller.signal);
    return identity === undefined ? undefined : { authorization: await authorizationOf(identity, wanted), identity };
  };

  return {
    presentAnother,
    tokens: () => tokens.values(),
    expiresAtMs: (authorization) => tokens.expiresAtMs(authorization),
    present: async (identity, wanted) => {
      try {
        return { authorization: await authorizationOf(identity, wanted), identity };
      } catch (error) {
        if (!isRegistryError(error, 'unauthorized')) throw error;
        const other = await presentAnother(identity, wanted);
        if (other === undefined) throw error;
        return other;
      }
    },
  };
}

/** What an identity can answer challenges with. */
export function meansOf({ credential }: Identity): Means {
  return credential?.kind ?? 'nothing';
}
