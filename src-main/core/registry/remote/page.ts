import type { NamePage } from '../registry-client.ts';
import { readBounded } from '../transport/body.ts';
import { headerLines } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { parseJson } from '../transport/json.ts';
import { LIMITS } from '../transport/limits.ts';
import { nextLink } from '../transport/link.ts';
import type { RequestTrace } from '../transport/registry-error.ts';
import { decodeCursor, encodeCursor, firstPosition, nextPosition, type PagePosition, type Stop } from './cursor.ts';

/** How one kind of list is asked for and read. */
export type ListKind = {
  readonly firstPath: string;
  fetch(path: string): Promise<HttpResponse>;
  /** The names in a body. @throws {RegistryError} `protocol{bad-shape}` */
  names(body: unknown, trace: RequestTrace): readonly unknown[];
  isName(text: string): boolean;
  readonly what: string;
};

/**
 * One page of names, following the registry's own `Link` and never building a URL from `last` (registries disagree
 * on what it means). Empty pages with a link are passed over, three at most. What is no valid name is left out and
 * counted. Spec: OCI Distribution 1.1, "Listing Tags"; SECURITY-CASES P01–P07.
 */
export async function listNames(kind: ListKind, origin: URL, cursor: string | undefined): Promise<NamePage> {
  let position = cursor === undefined ? firstPosition(kind.firstPath) : decodeCursor(cursor, origin);
  let dropped = 0;
  for (let emptyPages = 0; ;) {
    const page = await fetchPage(kind, position);
    dropped += page.droppedCount;
    emptyPages += page.names.length === 0 ? 1 : 0;
    const { next } = page;
    const isDone = page.names.length > 0 || next === undefined || typeof next === 'string';
    if (isDone) return toPage(page.names, dropped, next);
    if (emptyPages >= LIMITS.emptyPages) return toPage([], dropped, 'limit');
    position = next;
  }
}

function toPage(names: readonly string[], droppedCount: number, next: PagePosition | Stop | undefined): NamePage {
  return { names, droppedCount, ...(next === undefined ? {} : { nextCursor: encodeCursor(next) }) };
}

type Page = {
  readonly names: readonly string[];
  readonly droppedCount: number;
  readonly next: PagePosition | Stop | undefined;
};

async function fetchPage(kind: ListKind, position: PagePosition): Promise<Page> {
  const response = await kind.fetch(position.path);
  const { headers, trace } = response;
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(response.body, { headers, limitBytes: LIMITS.pageBytes, what: kind.what, trace });
  } catch (error) {
    throw response.mapError(error);
  }
  const listed = kind.names(parseJson(bytes, trace), trace);
  const valid = listed.filter((name) => typeof name === 'string').filter((name) => kind.isName(name));
  return {
    names: [...new Set(valid)],
    droppedCount: listed.length - valid.length,
    next: follow(response, position),
  };
}

function follow(response: HttpResponse, position: PagePosition): PagePosition | Stop | undefined {
  const link = nextLink(response.url, headerLines(response.headers, 'link'));
  if (link.result === 'none') return undefined;
  if (link.result === 'error') return 'unreadable';
  if (link.result === 'rejected' || !link.url.pathname.startsWith('/v2/')) return 'foreign';
  return nextPosition(position, `${link.url.pathname}${link.url.search}`);
}
