import { z } from 'zod';
import { descriptorSchema } from '#shared/oci/descriptor.ts';
import type { NamePage, Offline, ReferrerPage, RegistryClient } from '../../registry/registry-client.ts';
import { RegistryError } from '../../registry/transport/registry-error.ts';
import { forgetGone } from './forget-gone.ts';
import { createKeptCursors } from './kept-cursors.ts';
import { type KeptJson, keptJson } from './kept-json.ts';
import { lateShelf } from './late-shelf.ts';
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
type Call = { readonly cursor?: string; readonly signal?: AbortSignal };
type Lists = Pick<RegistryClient, 'listRepositories' | 'listTags' | 'listReferrers'>;

/** Lists are always asked for; each page as it was last seen stands in for a registry that cannot be reached. */
export function keptLists({ client, patience, ...parts }: Parts): Lists {
  const shelf = lateShelf(parts.shelf);
  const repositories = keptJson<NamePage>(shelf, 'repositories', namePageSchema);
  const tags = keptJson<NamePage>(shelf, 'tags', namePageSchema);
  const referrers = keptJson<ReferrerPage>(shelf, 'referrers', referrerPageSchema);
  const cursors = createKeptCursors();

  const ask = async <Page extends { readonly nextCursor?: string }, C extends Call>(
    pages: KeptJson<Page>,
    key: string,
    { call, fetch }: { readonly call: C; readonly fetch: (call: C) => Promise<Page> },
  ): Promise<Page & { readonly offline?: Offline }> => {
    const { value, offline } = await patience.ask({
      live: async (signal) => {
        const page = await fetch(await toAsk(call, signal));
        const { nextCursor } = page;
        pages.write(key, nextCursor === undefined ? page : { ...page, nextCursor: cursors.toKeep(nextCursor) });
        return page;
      },
      kept: () => pages.read(key),
      signal: call.signal,
    });
    return offline === undefined ? value : { ...value, offline };
  };

  /**
   * The call with the registry's own cursor. Where that is not known any more, which only happens to a list that was read
   * while the registry was away, it fails as the registry does that is still away, or else with `stale-list`.
   */
  const toAsk = async <C extends Call>(call: C, signal: AbortSignal): Promise<C> => {
    const cursor = call.cursor === undefined ? undefined : cursors.toAsk(call.cursor);
    if (cursor !== undefined || call.cursor === undefined) return { ...call, signal, ...(cursor && { cursor }) };
    await client.presence.check(signal);
    const detail = 'the list was kept from an earlier look, and cannot go on from there';
    throw new RegistryError({ kind: 'protocol', reason: 'stale-list', detail });
  };

  return {
    listRepositories: (call) => {
      const fetch = (asking: typeof call) => client.listRepositories(asking);
      const asked = ask(repositories, cursors.keyOf(call.cursor), { call, fetch });
      // One page of a catalog is refused or gone as the whole of it is.
      return forgetGone(asked, { shelf, forget: () => repositories.dropStarting('') });
    },
    listTags: (call) => {
      const key = `${call.repository} ${cursors.keyOf(call.cursor)}`;
      const asked = ask(tags, key, { call, fetch: (asking) => client.listTags(asking) });
      return forgetGone(asked, { shelf, repository: call.repository, forget: () => tags.drop(key) });
    },
    listReferrers: (call) => {
      const key = `${call.repository}@${call.digest} ${call.artifactType ?? ''} ${cursors.keyOf(call.cursor)}`;
      const asked = ask(referrers, key, { call, fetch: (asking) => client.listReferrers(asking) });
      return forgetGone(asked, { shelf, repository: call.repository, forget: () => referrers.drop(key) });
    },
  };
}
