import pLimit from 'p-limit';
import type { RegistryCredential } from '../registry-client.ts';
import { spellingsOf } from '../transport/redact.ts';
import { basicAuthorization, secretSpellings } from './basic.ts';

/** One credential, or nobody. Tokens are kept by its `id`, so that those of two credentials never meet. */
export type Identity = {
  readonly id: number;
  /** As it is now: an identity token may have been renewed. */
  readonly credential: RegistryCredential | undefined;
  /** As it was given. */
  readonly given: RegistryCredential | undefined;
  /** Takes the refresh token that a token server gave in place of ours, and has it kept. */
  renew(secret: string): void;
  /** Takes over what another client got in place of our refresh token; false when that is not known to anybody. */
  reread(): Promise<boolean>;
  /** Runs alone among all that spend this refresh token: it may be good for one use. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Everything secret of it, in every spelling a server could echo. */
  secrets(): readonly string[];
};

/** What an identity token is sent as where only user names and passwords are understood. */
const TOKEN_USER = '<token>';
const MAX_LATER = 30;

let lastId = 0;

export function createIdentity(given: RegistryCredential | undefined): Identity {
  lastId += 1;
  const id = lastId;
  let credential = given;
  const first = given === undefined ? [] : spellings(given);
  // Those before the last may still be echoed by a server; a server that renews at every turn may not fill the memory.
  let later: readonly string[] = [];
  const own = pLimit(1);

  const take = (secret: string): boolean => {
    if (credential?.kind !== 'identity' || credential.secret === secret) return false;
    credential = { ...credential, secret };
    later = [...later, ...spellings(credential)].slice(-MAX_LATER);
    return true;
  };

  return {
    id,
    given,
    get credential() {
      return credential;
    },
    renew: (secret) => {
      if (take(secret) && credential?.kind === 'identity') credential.onRenewed?.(secret);
    },
    reread: async () => {
      const secret = credential?.kind === 'identity' ? await credential.reread?.() : undefined;
      return secret !== undefined && take(secret);
    },
    alone: (work) => {
      const shared = credential?.kind === 'identity' ? credential.alone : undefined;
      return shared === undefined ? own(work) : shared(work);
    },
    secrets: () => [...first, ...later],
  };
}

/** True when `credential` is the identity's own, before or after it was renewed. */
export function isSameCredential(identity: Identity, credential: RegistryCredential | undefined): boolean {
  return isEqual(identity.given, credential) || isEqual(identity.credential, credential);
}

function isEqual(one: RegistryCredential | undefined, other: RegistryCredential | undefined): boolean {
  return one?.kind === other?.kind && one?.secret === other?.secret && userOf(one) === userOf(other);
}

function userOf(credential: RegistryCredential | undefined): string | undefined {
  return credential?.kind === 'password' ? credential.username : undefined;
}

/**
 * The Basic `Authorization` of a credential, undefined for one that has none.
 * @throws {InvalidInputError} for a user name or password the scheme cannot carry
 */
export function basicOf(credential: RegistryCredential | undefined): string | undefined {
  if (credential === undefined || credential.kind === 'bearer') return undefined;
  const username = credential.kind === 'password' ? credential.username : TOKEN_USER;
  return basicAuthorization(username, credential.secret);
}

function spellings(credential: RegistryCredential): readonly string[] {
  if (credential.kind === 'bearer') return spellingsOf([credential.secret]);
  return secretSpellings(credential.kind === 'password' ? credential.username : TOKEN_USER, credential.secret);
}
