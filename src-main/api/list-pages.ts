import type { Clock } from '../core/ports.ts';
import type { NamePage } from '../core/registry/registry-client.ts';

/** One answer holds no more names than this, whatever was asked for: it must fit a message and be drawn at once. */
const MOST_NAMES = 100_000;
/**
 * Someone looks at a list that grows, and draws one answer while the next is made: none is held back for longer than
 * this to make it bigger.
 */
const PATIENCE_MS = 150;

export type PagesWanted = {
  readonly cursor?: string | undefined;
  /** At most so many of the registry's pages; one when absent. */
  readonly pages?: number | undefined;
};

/**
 * Some of a registry's pages as one, at least the first. What was read is never lost to a page that fails: it is
 * handed over, and the failing page is met again, and told, by the call that follows.
 * @throws what the first page throws
 */
export async function listPages(
  { cursor, pages = 1 }: PagesWanted,
  clock: Clock,
  fetch: (call: { readonly cursor?: string }) => Promise<NamePage>,
): Promise<NamePage> {
  const until = clock.now() + PATIENCE_MS;
  const first = await fetch(cursor === undefined ? {} : { cursor });
  const read = [first];
  let last = first;
  let count = first.names.length;
  while (read.length < pages && last.nextCursor !== undefined && count < MOST_NAMES && clock.now() <= until) {
    const next = await fetch({ cursor: last.nextCursor }).catch(() => undefined);
    // What was kept earlier and what the registry says now are never mixed in one answer.
    if (next === undefined || (next.offline === undefined) !== (first.offline === undefined)) break;
    read.push(next);
    count += next.names.length;
    last = next;
  }
  return read.length === 1 ? first : join(read, last);
}

/** `last` says how the list goes on, and when what was kept is from. */
function join(pages: readonly NamePage[], last: NamePage): NamePage {
  const warnings = pages.flatMap((page) => page.warnings ?? []);
  return {
    ...last,
    names: pages.flatMap(({ names }) => names),
    droppedCount: pages.reduce((sum, page) => sum + page.droppedCount, 0),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}
