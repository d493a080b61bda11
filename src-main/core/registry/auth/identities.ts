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
/** A person who has signed in elsewhere tries again after a few seconds. */
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

type Found = { readonly identity: Identity; readonly why: string; readonly untilMs: number };

function sourcedIdentities(source: CredentialSource, { clock, decide }: IdentitiesDeps): Identities {
  const found = new LRUCache<string, Found>({ max: MAX_REPOSITORIES });
  const known = new LRUCache<number, Identity>({ max: MAX_IDENTITIES });
  const pausedUntil = new LRUCache<number, number>({ max: MAX_IDENTITIES });
  const flights = createSingleFlight<Identity>();

  // Equal credentials are one identity, so that repositories under one key share its tokens.
  const identityOf = (credential: RegistryCredential | undefined): Identity => {
    const same = [...known.values()].find((identity) => isSameCredential(identity, credential));
    const identity = same ?? createIdentity(credential);
    known.set(identity.id, identity);
    return identity;
  };

  const look = async (repository: string | undefined, stale: boolean, signal: AbortSignal): Promise<Identity> => {
    const key = keyOf(repository);
    const { credential, why } = await source.find({ repository, stale, signal });
    const identity = identityOf(credential);
    if (found.get(key)?.why !== why) decide(`credential for ${repository ?? 'the registry'}: ${why}`);
    found.set(key, { identity, why, untilMs: clock.now() + KEPT_MS });
    return identity;
  };

  const lookOnce = (repository: string | undefined, signal: AbortSignal | undefined): Promise<Identity> =>
    flights.run(`first ${keyOf(repository)}`, (flight) => look(repository, false, flight), signal);

  // Once for all repositories under the refused credential: a list of rows must not start a helper for each.
  const lookAgain = (repository: string | undefined, refused: Identity, signal: AbortSignal | undefined) =>
    flights.run(
      `again ${refused.id}`,
      async (flight) => {
        const identity = await look(repository, true, flight);
        pausedUntil.set(refused.id, clock.now() + STALE_PAUSE_MS);
        return identity;
      },
      signal,
    );

  return {
    find: async (repository, signal) => {
      const kept = found.get(keyOf(repository));
      return kept !== undefined && kept.untilMs > clock.now() ? kept.identity : await lookOnce(repository, signal);
    },
    refind: async (repository, refused, signal) => {
      const other = () => [found.get(keyOf(repository))?.identity].find((identity) => identity !== refused);
      if (other() === undefined && (pausedUntil.get(refused.id) ?? 0) <= clock.now()) {
        await lookAgain(repository, refused, signal);
      }
      // The source was asked for another repository: for this one it knows what is new, too.
      if (other() === undefined) await lookOnce(repository, signal);
      return other();
    },
    secrets: () => [...known.values()].flatMap((identity) => identity.secrets()),
  };
}

/** No repository's name begins with a space. */
function keyOf(repository: string | undefined): string {
  return repository ?? ' ';
}
