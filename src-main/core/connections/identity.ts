import { createHash } from 'node:crypto';
import type { RegistryConnection } from '../registry/registry-client.ts';

/**
 * A name for whom a registry takes us, under which what it showed is kept: never shown to another sign-in, or through
 * another path into the registry. No secret goes in, not even hashed: when only the secret changes, whoever changes it
 * forgets what was kept. With docker's and podman's config it is whoever they name, repository by repository.
 */
export function identityOf(connection: RegistryConnection): string {
  const { host, plainHttp, credential, credentialSource, apiPrefix = '', repositoryPrefix = '' } = connection;
  const unnamed = credentialSource === undefined ? 'anonymous' : 'config';
  const username = credential?.kind === 'password' ? credential.username : '';
  const parts = [host, plainHttp, apiPrefix, repositoryPrefix, credential?.kind ?? unnamed, username];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
