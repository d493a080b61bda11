import { createHash, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { FoundCredential, RegistryConnection, RegistryCredential } from '../registry/registry-client.ts';

/**
 * A name for whom a registry takes us, under which what it showed is kept: never shown to another sign-in, or through
 * another path into the registry. No secret goes in, not even hashed: when only the secret changes, whoever changes it
 * forgets what was kept. With docker's and podman's config `person` says whom they name (`createPersonNames`).
 */
export function identityOf(connection: RegistryConnection, person?: string): string {
  const { host, plainHttp, credential, apiPrefix = '', repositoryPrefix = '' } = connection;
  const parts = [
    host,
    plainHttp,
    apiPrefix,
    repositoryPrefix,
    ...(person === undefined ? ownParts(credential) : [person]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function ownParts(credential: RegistryCredential | undefined): readonly string[] {
  return [credential?.kind ?? 'anonymous', credential?.kind === 'password' ? credential.username : ''];
}

/** User names that say nothing of the person: the secret beside them is a token. Google, AWS, Azure, GitLab. */
const TOKEN_USERS: ReadonlySet<string> = new Set([
  'oauth2accesstoken',
  '_json_key',
  '_json_key_base64',
  '_dcgcloud_token',
  'AWS',
  '00000000-0000-0000-0000-000000000000',
  'oauth2',
  'gitlab-ci-token',
  '<token>',
]);
const MAX_TOKENS = 200;

export type PersonNames = {
  /** Equal for credentials that are the same person's. Holds nothing of a secret. */
  nameOf(credential: RegistryCredential | undefined): string;
  /** The same, with a renewed identity token staying the person it was. */
  following(found: FoundCredential): FoundCredential;
};

/**
 * Names for the persons of found credentials: the kind and the user, and for a token a random id. The id is not kept,
 * since the token is not ours to store it beside: after a restart a token is a new person, who has seen nothing yet.
 */
export function createPersonNames(): PersonNames {
  const ids = new LRUCache<string, string>({ max: MAX_TOKENS });
  const idOf = (secret: string): string => {
    const id = ids.get(secret) ?? randomUUID();
    ids.set(secret, id);
    return id;
  };
  return {
    nameOf: (credential) => {
      if (credential === undefined) return 'config nobody';
      if (credential.kind !== 'password') return `config ${credential.kind} ${idOf(credential.secret)}`;
      const { username, secret } = credential;
      return TOKEN_USERS.has(username) ? `config token ${idOf(secret)}` : `config password ${username}`;
    },
    following: (found) => {
      const { credential } = found;
      if (credential?.kind !== 'identity') return found;
      const id = idOf(credential.secret);
      const onRenewed = (secret: string): void => {
        ids.set(secret, id);
        credential.onRenewed?.(secret);
      };
      return { ...found, credential: { ...credential, onRenewed } };
    },
  };
}
