import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { CredentialSource, RegistryConnection, RegistryCredential } from '../registry-client.ts';
import { createIdentity, type Identity, isSameCredential } from './identity.ts';

/** Who a session is: one credential for all of the registry, or those that a source knows for its repositories. */
export type Identities = {
  /** @throws {CredentialHelperError} which ends the request: nobody is anonymous because a helper failed (A16) */
  find(repository: string | undefined, signal?: AbortSignal): Promise<Identity>;
  /**
   * Looks again where a refused credential came from, at most once in five seconds in vain; undefined when it has no other.
   * @throws {CredentialHelperError}
   */
  refind(repository: string | undefined, refused: Identity, signal?: AbortSignal): Promise<Identity | undefined>;
  /** Of all credentials that were found, in every spelling. */
  secrets(): readonly string[];
};

export type IdentitiesDeps = {
  readonly clock: Clock;
  /** Hears why a credential was taken, for the request log. */
  readonly decide: (text: string) => void;
};

/** Long enough that a list of rows costs one look, short enough that a new `docker login` is soon seen. */
const KEPT_MS = 5 * 60_000;
/** A person who has signed in elsewhere tries again after a few seconds; a list of rows must not start a helper for each. */
const STALE_PAUSE_MS = 5_000;
const MAX_REPOSITORIES = 500;
const MAX_IDENTITIES = 50;

/** `connection.credential` when there is one, else what `connection.credentialSource` finds, else nobody. */
export function createIdentities(connection: RegistryConnection, deps: IdentitiesDeps): Identities {
  const { credential, credentialSource } = connection;
  if (credential !== undefined || credentialSource === undefined) return fixedIdentity(credential);
  return sourcedIdentities(credentialSource, deps);
}

function fixedIdentity(credential: RegistryCredential | undefined): Identities {
  const identity = createIdentity(credential);
  return {
    find: () => Promise.resolve(identity),
    refind: () => Promise.resolve(undefined),
    secrets: () => identity.secrets(),
  };
}

type Found = { readonly identity: Identity; readonly untilMs: number };

function sourcedIdentities(source: CredentialSource, { clock, decide }: IdentitiesDeps): Identities {
  const found = new LRUCache<string, Found>({ max: MAX_REPOSITORIES });
  const known = new LRUCache<number, Identity>({ max: MAX_IDENTITIES });
  const pausedUntil = new LRUCache<string, number>({ max: MAX_REPOSITORIES });
  const flights = createSingleFlight<Identity>();

  // Equal credentials are one identity, so that repositories under one key share its tokens.
  const identityOf = (credential: RegistryCredential | undefined): Identity => {
    const same = [...known.values()].find((identity) => isSameCredential(identity, credential));
    const identity = same ?? createIdentity(credential);
    known.set(identity.id, identity);
    return identity;
  };

  const look = (repository: string | undefined, stale: boolean, signal: AbortSignal | undefined): Promise<Identity> => {
    const key = keyOf(repository);
    const work = async (flightSignal: AbortSignal): Promise<Identity> => {
      const { credential, why } = await source.find({ repository, stale, signal: flightSignal });
      decide(`credential for ${repository ?? 'the registry'}: ${why}`);
      const identity = identityOf(credential);
      found.set(key, { identity, untilMs: clock.now() + KEPT_MS });
      return identity;
    };
    return flights.run(`${stale ? 'again' : 'first'} ${key}`, work, signal);
  };

  return {
    find: async (repository, signal) => {
      const kept = found.get(keyOf(repository));
      return kept !== undefined && kept.untilMs > clock.now() ? kept.identity : await look(repository, false, signal);
    },
    refind: async (repository, refused, signal) => {
      const key = keyOf(repository);
      const kept = found.get(key);
      // Another request has already looked again.
      if (kept !== undefined && kept.identity !== refused) return kept.identity;
      if ((pausedUntil.get(key) ?? 0) > clock.now()) return undefined;
      const identity = await look(repository, true, signal);
      if (identity !== refused) return identity;
      pausedUntil.set(key, clock.now() + STALE_PAUSE_MS);
      return undefined;
    },
    secrets: () => [...known.values()].flatMap((identity) => identity.secrets()),
  };
}

/** No repository's name begins with a space. */
function keyOf(repository: string | undefined): string {
  return repository ?? ' ';
}
