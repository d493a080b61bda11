import { type Exchange, sendJson } from './exchange.ts';
import type { Route } from './route.ts';
import { nameUnknown, SpecError } from './spec-error.ts';

/** Also the size of a page when the client names none. */
const PAGE_LIMIT = 10_000;

/** Spec: OCI distribution 1.1, "Listing Tags". */
export async function listTags(exchange: Exchange, { repository }: Route): Promise<void> {
  const all = await exchange.store.listTags(repository);
  if (all === undefined) throw nameUnknown(repository);
  const { names, link } = page(exchange, all, `/v2/${repository}/tags/list`);
  sendJson(exchange, 200, { name: repository, tags: names }, link);
}

/** Not in the OCI specification; as distribution answers it. */
export async function listCatalog(exchange: Exchange): Promise<void> {
  const { names, link } = page(exchange, await exchange.store.listRepositories(), '/v2/_catalog');
  sendJson(exchange, 200, { repositories: names }, link);
}

/** The names after `last`, at most `n` of them, and the way to the next page. `all` is in lexical order. */
function page({ query }: Exchange, all: readonly string[], path: string) {
  const limit = pageLimit(query.get('n'));
  const last = query.get('last') ?? '';
  const from = last === '' ? 0 : all.findIndex((name) => name > last);
  const rest = from === -1 ? [] : all.slice(from);
  const names = rest.slice(0, limit);
  const end = names.at(-1);
  const more = end !== undefined && rest.length > names.length;
  const link: Record<string, string> = more
    ? { Link: `<${path}?n=${limit}&last=${encodeURIComponent(end)}>; rel="next"` }
    : {};
  return { names, link };
}

function pageLimit(text: string | null): number {
  if (text === null || text === '') return PAGE_LIMIT;
  if (!/^\d{1,9}$/.test(text)) {
    throw new SpecError(400, 'PAGINATION_NUMBER_INVALID', 'n must be a whole number', {
      detail: { n: text.slice(0, 32) },
    });
  }
  return Math.min(Number(text), PAGE_LIMIT);
}
