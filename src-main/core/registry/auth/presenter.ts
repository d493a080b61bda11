import type { RegistryConnection } from '../registry-client.ts';
import type { Endpoint } from '../transport/http.ts';
import { isRegistryError, type RegistryError } from '../transport/registry-error.ts';
import type { Caller } from './caller.ts';
import { checkDestination, type DestinationRules } from './destination.ts';
import type { Identities } from './identities.ts';
import { basicOf, type Identity } from './identity.ts';
import { createRefusals, type Use } from './refusals.ts';
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
  readonly stale: string | undefined;
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
  /** As `AuthSession.conclude`. */
  conclude(tried: Attempt, use: Use, refusal?: RegistryError): void;
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
  const refusals = createRefusals(deps.clock);
  const tokens = createTokenStore({ ...deps, ...rules, refusals });

  const authorizationOf = async (identity: Identity, wanted: Wanted) => {
    const { credential } = identity;
    const scheme = schemes.get(meansOf(identity));
    if (credential?.kind !== 'bearer' && scheme === undefined) return undefined;
    // What a credential was traded for is as good as the credential while it lasts.
    if (credential !== undefined) checkDestination(endpoint.url, rules);
    if (isSentAsItIs(identity, schemes)) {
      refusals.check(identity, wanted);
      return credential?.kind === 'bearer' ? `Bearer ${credential.secret}` : basicOf(credential);
    }
    return scheme?.kind === 'bearer' ? await tokens.get({ ...wanted, scheme, identity }) : undefined;
  };

  const presentAnother = async (refused: Identity, wanted: Wanted) => {
    const identity = await identities.refind(repositoryOf(wanted.scopes), refused, wanted.caller.signal);
    return identity === undefined ? undefined : { authorization: await authorizationOf(identity, wanted), identity };
  };

  return {
    presentAnother,
    conclude: ({ authorization, identity }, use, refusal) => {
      if (authorization === undefined || identity === undefined || !isSentAsItIs(identity, schemes)) return;
      if (refusal === undefined) refusals.forget(identity, use);
      else refusals.note(identity, use, refusal);
    },
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

/** True when the registry itself is sent the credential, and no token server. */
export function isSentAsItIs(identity: Identity, schemes: ReadonlyMap<Means, Scheme>): boolean {
  const { credential } = identity;
  if (credential === undefined) return false;
  return credential.kind === 'bearer' || schemes.get(meansOf(identity))?.kind === 'basic';
}

/** What an identity can answer challenges with. */
export function meansOf({ credential }: Identity): Means {
  return credential?.kind ?? 'nothing';
}
