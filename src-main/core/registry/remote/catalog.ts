import { z } from 'zod';
import { isRepositoryName } from '#shared/oci/reference.ts';
import { CATALOG_SCOPE } from '../auth/scopes.ts';
import type { NamePage } from '../registry-client.ts';
import { isRegistryError, RegistryError } from '../transport/registry-error.ts';
import { askOk, type RemoteContext } from './context.ts';
import { listNames } from './names.ts';
import { ping } from './ping.ts';

const bodySchema = z.looseObject({ repositories: z.array(z.unknown()).nullish() });

/** What registries without a catalog (or without one for us) answer with; gitlab.com says 401 to a valid login. */
const MAY_MEAN_UNSUPPORTED: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 501]);

/**
 * One page of the catalog. Spec: distribution API, "Listing Repositories" (not part of OCI Distribution).
 * @throws {RegistryError} `unsupported{catalog}` when the registry refuses the list though it takes the credential
 */
export async function listRepositories(
  context: RemoteContext,
  call: { readonly cursor?: string; readonly signal?: AbortSignal },
): Promise<NamePage> {
  const kind = {
    firstPath: `/v2/_catalog?n=${context.pageSize}`,
    wholePath: '/v2/_catalog',
    what: 'catalog page',
    isName: isRepositoryName,
    fetch: (path: string) =>
      askOk(context, {
        method: 'GET',
        path,
        scopes: [CATALOG_SCOPE],
        accept: 'application/json',
        what: 'registry',
        signal: call.signal,
      }),
    names: (body: unknown, trace: RegistryError['trace'] & {}) => {
      const parsed = bodySchema.safeParse(body);
      if (parsed.success) return parsed.data.repositories ?? [];
      const detail = 'the catalog is no list of repositories';
      throw new RegistryError({ kind: 'protocol', reason: 'bad-shape', detail }, trace);
    },
  };
  try {
    return await listNames(kind, context, call.cursor);
  } catch (error) {
    throw await judge(error, context, call.signal);
  }
}

/** Tells "no catalog" from "not let in": the same credential pings fine in the first case only. */
async function judge(error: unknown, context: RemoteContext, signal: AbortSignal | undefined): Promise<unknown> {
  if (!isRegistryError(error) || error.trace?.hop !== 'registry') return error;
  if (!MAY_MEAN_UNSUPPORTED.has(error.trace.status ?? 0)) return error;
  try {
    await ping(context, signal);
  } catch (pingError) {
    return pingError;
  }
  const failure = { kind: 'unsupported', feature: 'catalog', detail: `answered ${error.trace.status}` } as const;
  return new RegistryError(failure, error.trace, { cause: error });
}
