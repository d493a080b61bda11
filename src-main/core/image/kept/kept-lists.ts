import { createHash } from 'node:crypto';
import { z } from 'zod';
import { descriptorSchema } from '#shared/oci/descriptor.ts';
import type { NamePage, Offline, ReferrerPage, RegistryClient } from '../../registry/registry-client.ts';
import { forgetGone } from './forget-gone.ts';
import { type KeptJson, keptJson } from './kept-json.ts';
import type { Patience } from './patience.ts';
import type { Shelf } from './shelf.ts';

const common = {
  nextCursor: z.string().exactOptional(),
  droppedCount: z.number(),
};
const warnings = z.array(z.object({ source: z.enum(['registry', 'gantry']), text: z.string() }));
const namePageSchema = z.object({ ...common, names: z.array(z.string()), warnings: warnings.exactOptional() });
const referrerPageSchema = z.object({
  ...common,
  referrers: z.array(descriptorSchema),
  source: z.enum(['api', 'tag', 'none']),
  warnings,
});

type Parts = { readonly client: RegistryClient; readonly shelf: Shelf; readonly patience: Patience };
type Cursor = { readonly cursor?: string };
type Lists = Pick<RegistryClient, 'listRepositories' | 'listTags' | 'listReferrers'>;

/** Lists are always asked for; each page as it was last seen stands in for a registry that cannot be reached. */
export function keptLists({ client, shelf, patience }: Parts): Lists {
  const repositories = keptJson<NamePage>(shelf, 'repositories', namePageSchema);
  const tags = keptJson<NamePage>(shelf, 'tags', namePageSchema);
  const referrers = keptJson<ReferrerPage>(shelf, 'referrers', referrerPageSchema);

  const ask = async <Page extends object>(
    pages: KeptJson<Page>,
    key: string,
    live: (signal: AbortSignal) => Promise<Page>,
    signal: AbortSignal | undefined,
  ): Promise<Page & { readonly offline?: Offline }> => {
    const { value, offline } = await patience.ask({
      live: async (shared) => {
        const page = await live(shared);
        pages.write(key, page);
        return page;
      },
      kept: () => pages.read(key),
      signal,
    });
    return offline === undefined ? value : { ...value, offline };
  };

  return {
    listRepositories: (call) => {
      const live = (signal: AbortSignal) => client.listRepositories({ ...call, signal });
      const asked = ask(repositories, pageKey(call), live, call.signal);
      // One page of a catalog is refused or gone as the whole of it is.
      return forgetGone(asked, { shelf, forget: () => repositories.dropStarting('') });
    },
    listTags: (call) => {
      const key = `${call.repository} ${pageKey(call)}`;
      const asked = ask(tags, key, (signal) => client.listTags({ ...call, signal }), call.signal);
      return forgetGone(asked, { shelf, repository: call.repository, forget: () => tags.drop(key) });
    },
    listReferrers: (call) => {
      const key = `${call.repository}@${call.digest} ${call.artifactType ?? ''} ${pageKey(call)}`;
      const asked = ask(referrers, key, (signal) => client.listReferrers({ ...call, signal }), call.signal);
      return forgetGone(asked, { shelf, repository: call.repository, forget: () => referrers.drop(key) });
    },
  };
}

/** A cursor holds what the registry put in it, which may be long and may be signed: only its hash is a key. */
function pageKey({ cursor }: Cursor): string {
  return cursor === undefined ? 'first' : createHash('sha256').update(cursor).digest('hex');
}
