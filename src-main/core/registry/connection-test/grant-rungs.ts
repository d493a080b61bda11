import { CATALOG_SCOPE } from '../auth/scopes.ts';
import { listRepositories } from '../remote/catalog.ts';
import { scrubSecrets } from '../transport/redact.ts';
import { isRegistryError } from '../transport/registry-error.ts';
import type { Ladder, Outcome } from './ladder.ts';
import { readGrants } from './token-grants.ts';

/** What was asked for, and what the token says it grants. */
export function readScopes({ authorization, context, found }: Ladder): Promise<Outcome> {
  const given = found?.credential?.kind === 'bearer' ? found.credential.secret : undefined;
  const token = authorization?.replace(/^Bearer /, '') ?? given;
  if (token === undefined) return Promise.resolve({ state: 'skipped', detail: 'no token' });
  const asked = authorization === undefined ? 'asked for nothing' : `asked for ${CATALOG_SCOPE}`;
  const grants = readGrants(token);
  if (grants === undefined) {
    return Promise.resolve({ state: 'ok', detail: `${asked}; the token does not say what it grants` });
  }
  const granted = grants.length === 0 ? 'nothing by name' : scrubSecrets(grants.join(', '), context.session.secrets());
  return Promise.resolve({ state: 'ok', detail: `${asked}; the token grants ${granted}` });
}

/** The first call that every registry is asked: its catalog, or why there is none. */
export async function callCatalog({ context, signal }: Ladder): Promise<Outcome> {
  try {
    const page = await listRepositories(context, signal === undefined ? {} : { signal });
    const found = page.names.length === 0 ? 'no repositories' : 'repositories found';
    return { state: 'ok', detail: found };
  } catch (error) {
    if (!isRegistryError(error, 'unsupported')) throw error;
    const detail = 'the registry does not list its repositories to this credential; repositories can be pinned by name';
    return { state: 'warning', detail, error };
  }
}
