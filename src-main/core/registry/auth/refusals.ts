import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.ts';
import { RegistryError } from '../transport/registry-error.ts';
import type { Caller } from './caller.ts';
import type { Identity } from './identity.ts';
import { CATALOG_SCOPE, repositoryOf } from './scopes.ts';

/** What a credential was used for, and by whom. */
export type Use = { readonly scopes: readonly string[]; readonly caller: Caller };

/**
 * Remembers which credentials were refused: a table of fifty rows may not send a wrong password fifty times, which
 * locks accounts.
 */
export type Refusals = {
  /** Throws what the credential was refused with, unless it may be tried again. @throws {RegistryError} `unauthorized` */
  check(identity: Identity, use: Use): void;
  note(identity: Identity, use: Use, error: RegistryError): void;
  /** The credential was taken. */
  forget(identity: Identity, use: Use): void;
};

type Refusal = { readonly error: RegistryError; readonly secret: string | undefined; readonly atMs: number };

/** For rows in view and work in the background. */
const KEPT_MS = 60_000;
/** Who opens something, or asks for it anew, is not answered from memory, but for what they opened at the same time. */
const KEPT_FOR_A_PERSON_MS = 500;
const MAX_REFUSALS = 500;
const MAX_PROVEN = 50;

/**
 * Some registries answer 401 to a good credential that lacks a right. So a refusal speaks for the repository that was
 * asked for (or the catalog) alone, and for all of the registry only while the credential has never been taken there.
 */
export function createRefusals(clock: Pick<Clock, 'now'>): Refusals {
  const refusals = new LRUCache<string, Refusal>({ max: MAX_REFUSALS });
  const proven = new LRUCache<number, true>({ max: MAX_PROVEN });
  const wide = ({ id }: Identity) => `${id}`;
  const narrow = ({ id }: Identity, { scopes }: Use) => `${id} ${targetOf(scopes)}`;

  const isFresh = ({ secret, atMs }: Refusal, identity: Identity, { caller }: Use): boolean => {
    // A transfer was begun by a person as well, and is over when it is refused.
    const isPerson = caller.priority === undefined || caller.priority === 'open' || caller.priority === 'transfer';
    const age = clock.now() - atMs;
    return secret === identity.credential?.secret && age < (isPerson ? KEPT_FOR_A_PERSON_MS : KEPT_MS);
  };

  return {
    check: (identity, use) => {
      const found = [wide(identity), narrow(identity, use)].map((key) => refusals.get(key));
      const refusal = found.find((each) => each !== undefined && isFresh(each, identity, use));
      if (refusal !== undefined) throw new RegistryError(refusal.error.failure, refusal.error.trace);
    },
    note: (identity, use, error) => {
      const speaksForAll = proven.get(identity.id) !== true && !use.scopes.includes(CATALOG_SCOPE);
      const refusal = { error, secret: identity.credential?.secret, atMs: clock.now() };
      refusals.set(speaksForAll ? wide(identity) : narrow(identity, use), refusal);
    },
    forget: (identity, use) => {
      proven.set(identity.id, true);
      refusals.delete(wide(identity));
      refusals.delete(narrow(identity, use));
    },
  };
}

/** No repository's name begins with a sign. */
function targetOf(scopes: readonly string[]): string {
  return scopes.includes(CATALOG_SCOPE) ? '*' : (repositoryOf(scopes) ?? '/');
}
