import type { RegistryWarning } from '../registry-client.ts';
import { readBounded } from '../transport/body.ts';
import { headerLines } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { parseJson } from '../transport/json.ts';
import { LIMITS } from '../transport/limits.ts';
import { nextLink } from '../transport/link.ts';
import { isRegistryError } from '../transport/registry-error.ts';
import type { RemoteContext } from './context.ts';
import {
  decodeCursor,
  encodeCursor,
  fingerprint,
  firstPosition,
  nextPosition,
  type PagePosition,
  type Stop,
} from './cursor.ts';
import { registryWarnings } from './warnings.ts';

/** What one body holds, invalid entries left out and counted. `isCut`: the rest of it is beyond a bound. */
export type PageItems<Item> = {
  readonly items: readonly Item[];
  readonly droppedCount: number;
  readonly isCut?: boolean;
};

/** How one kind of list is asked for and read. */
export type ListKind<Item> = {
  readonly firstPath: string;
  /** The list asked for without a page size, for registries whose links to the next page lead nowhere. */
  readonly wholePath?: string;
  fetch(path: string): Promise<HttpResponse>;
  /** @throws {RegistryError} `protocol{bad-shape}` */
  read(body: unknown, answer: Pick<HttpResponse, 'headers' | 'trace'>): PageItems<Item>;
  /** Two items of one key are one item. */
  keyOf(item: Item): string;
  readonly what: string;
};

/** One page as it is handed out. With `nextCursor` there is more, or a reason why there cannot be. */
export type ListPage<Item> = {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
  readonly droppedCount: number;
  readonly warnings: readonly RegistryWarning[];
};

type Page<Item> = {
  readonly items: readonly Item[];
  /** Stands for `items`. */
  readonly print: string;
  readonly droppedCount: number;
  readonly warnings: readonly RegistryWarning[];
  readonly next: PagePosition | Stop | undefined;
};

/**
 * One page of a list, following the registry's own `Link` and never building a URL from `last` (registries disagree
 * on what it means). Empty pages with a link are passed over, three at most.
 * Spec: OCI Distribution 1.1, "Listing Tags"; SECURITY-CASES P01–P07.
 */
export async function listPage<Item>(
  kind: ListKind<Item>,
  context: RemoteContext,
  cursor: string | undefined,
): Promise<ListPage<Item>> {
  const origin = context.endpoint.url;
  let position = cursor === undefined ? firstPosition(kind.firstPath) : decodeCursor(cursor, origin);
  let droppedCount = 0;
  for (let emptyPages = 0; ;) {
    const page = await fetchOnward(kind, context, position);
    droppedCount += page.droppedCount;
    emptyPages += page.items.length === 0 ? 1 : 0;
    const { next } = page;
    const isDone = page.items.length > 0 || next === undefined || typeof next === 'string';
    if (isDone) return toListPage({ ...page, droppedCount });
    if (emptyPages >= LIMITS.emptyPages) return toListPage({ ...page, droppedCount, next: 'limit' });
    position = next;
  }
}

function toListPage<Item>({ items, droppedCount, warnings, next }: Page<Item>): ListPage<Item> {
  return { items, droppedCount, warnings, ...(next === undefined ? {} : { nextCursor: encodeCursor(next) }) };
}

/**
 * A page after the first that is not there, or is the page before it once more: Artifactory behind a path of its own
 * links to a path without it, and with a `last` that it does not understand (renovate#15080). Then the whole list is
 * asked for in one answer. What the page before held comes again with it.
 */
async function fetchOnward<Item>(
  kind: ListKind<Item>,
  context: RemoteContext,
  position: PagePosition,
): Promise<Page<Item>> {
  const { wholePath } = kind;
  if (position.page === 1 || wholePath === undefined) return fetchPage(kind, context, position);
  const page = await fetchUnlessMissing(kind, context, position);
  if (page !== undefined && !isRepeated(page, position)) return page;
  const whole = await fetchPage(kind, context, { ...position, path: wholePath });
  if (isRepeated(whole, position)) return { ...whole, items: [], next: undefined };
  return whole.next === undefined ? whole : { ...whole, next: 'loop' };
}

async function fetchUnlessMissing<Item>(
  kind: ListKind<Item>,
  context: RemoteContext,
  position: PagePosition,
): Promise<Page<Item> | undefined> {
  try {
    return await fetchPage(kind, context, position);
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined;
    throw error;
  }
}

function isRepeated<Item>({ items, print }: Page<Item>, { content }: PagePosition): boolean {
  return items.length > 0 && print === content;
}

function contentPrint<Item>(items: readonly Item[], kind: ListKind<Item>): string {
  return fingerprint(items.map((item) => kind.keyOf(item)).join('\n'));
}

/** Of two items of one key the later, in the place of the first. Most registries order their lists, which tells quickest. */
function eachOnce<Item>(items: readonly Item[], kind: ListKind<Item>): readonly Item[] {
  const keys = items.map((item) => kind.keyOf(item));
  if (keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)) return items;
  const byKey = new Map<string, Item>();
  for (const item of items) byKey.set(kind.keyOf(item), item);
  return byKey.size === items.length ? items : [...byKey.values()];
}

async function fetchPage<Item>(
  kind: ListKind<Item>,
  context: RemoteContext,
  position: PagePosition,
): Promise<Page<Item>> {
  const response = await kind.fetch(position.path);
  const { headers, trace } = response;
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(response.body, { headers, limitBytes: LIMITS.pageBytes, what: kind.what, trace });
  } catch (error) {
    throw response.mapError(error);
  }
  const read = kind.read(parseJson(bytes, trace), response);
  const items = eachOnce(read.items, kind);
  const next = read.isCut === true ? 'limit' : follow(response, position, context.endpoint);
  const print = contentPrint(items, kind);
  return {
    items,
    print,
    droppedCount: read.droppedCount,
    warnings: registryWarnings(headers, context.session.secrets()),
    next: typeof next === 'object' ? { ...next, content: print } : next,
  };
}

/**
 * A page that came from elsewhere by a redirect names its next page there too: that address is not the registry's, and
 * read as if it were it would be asked for with the credential.
 */
function follow(
  response: HttpResponse,
  position: PagePosition,
  { url, basePath }: RemoteContext['endpoint'],
): PagePosition | Stop | undefined {
  const link = nextLink(response.url, headerLines(response.headers, 'link'));
  if (link.result === 'none') return undefined;
  if (link.result === 'error') return 'unreadable';
  if (link.result === 'rejected' || response.url.origin !== url.origin) return 'foreign';
  const path = apiPath(link.url, basePath);
  return path === undefined ? 'foreign' : nextPosition(position, `${path}${link.url.search}`);
}

/** The path from `/v2/` on; a link that has lost the prefix means the same page. Undefined outside the API. */
function apiPath({ pathname }: URL, basePath: string): string | undefined {
  if (basePath !== '' && pathname.startsWith(`${basePath}/v2/`)) return pathname.slice(basePath.length);
  return pathname.startsWith('/v2/') ? pathname : undefined;
}
