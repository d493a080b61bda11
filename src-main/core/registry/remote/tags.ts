import { z } from 'zod';
import { isTag } from '#shared/oci/reference.ts';
import { pullScope } from '../auth/scopes.ts';
import type { NamePage } from '../registry-client.ts';
import { RegistryError, type RequestTrace } from '../transport/registry-error.ts';
import { askOk, checkedRepository, type RemoteContext } from './context.ts';
import { listNames } from './names.ts';

const bodySchema = z.looseObject({ name: z.string().nullish(), tags: z.array(z.unknown()).nullish() });

/**
 * One page of a repository's tags, in the registry's order. `tags: null` is an empty list (Nexus); digests listed
 * as tags are dropped (Artifactory). Spec: OCI Distribution 1.1, "Listing Tags".
 * @throws {RegistryError} `not-found{repository}`, `protocol{bad-shape}` for another repository's list (P06)
 */
export async function listTags(
  context: RemoteContext,
  call: { readonly repository: string; readonly cursor?: string; readonly signal?: AbortSignal },
): Promise<NamePage> {
  const repository = checkedRepository(call.repository);
  const kind = {
    firstPath: `/v2/${repository}/tags/list?n=${context.pageSize}`,
    wholePath: `/v2/${repository}/tags/list`,
    what: 'tag page',
    isName: isTag,
    fetch: (path: string) =>
      askOk(context, {
        method: 'GET',
        path,
        scopes: [pullScope(repository)],
        accept: 'application/json',
        what: 'repository',
        signal: call.signal,
      }),
    names: (body: unknown, trace: RequestTrace) => tagsIn(body, repository, trace),
  };
  return await listNames(kind, context, call.cursor);
}

function tagsIn(body: unknown, repository: string, trace: RequestTrace): readonly unknown[] {
  const parsed = bodySchema.safeParse(body);
  const refuse = (detail: string) => new RegistryError({ kind: 'protocol', reason: 'bad-shape', detail }, trace);
  if (!parsed.success) throw refuse('the answer is no list of tags');
  const { name, tags } = parsed.data;
  // A mirror keeps a repository below a path of its own and may call it by the name it has upstream.
  const isOurs = typeof name !== 'string' || name === repository || repository.endsWith(`/${name}`);
  if (!isOurs) throw refuse('the tags are of another repository');
  return tags ?? [];
}
