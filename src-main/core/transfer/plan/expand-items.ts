import { TransferError } from '../transfer-error.ts';
import { compileTagFilter } from '../select/tag-filter.ts';
import type { ExpandedRow, PlanItem } from './plan-types.ts';

/** Rows of one plan; more is a mirror's work, to be cut by a filter. */
export const MAX_ROWS = 20_000;

/** What an item stands for, or why it stands for nothing. */
export type Expansion =
  | { readonly kind: 'rows'; readonly rows: readonly ExpandedRow[] }
  | { readonly kind: 'failed'; readonly rowId: string; readonly sourceText: string; readonly error: unknown };

/**
 * The rows of all items, in their order; a repository's tags as its list is read, page by page. A list that cannot be
 * read is a failed row of its own. Row ids are unique and stay the same for the same items.
 * @throws {TransferError} `too-many` beyond {@link MAX_ROWS} @throws {InvalidInputError} for a filter that is none
 */
export async function* expandItems(
  items: readonly PlanItem[],
  signal: AbortSignal,
): AsyncGenerator<Expansion, void, void> {
  let count = 0;
  for (const [index, item] of items.entries()) {
    for await (const expansion of expandItem(item, String(index), signal)) {
      count += expansion.kind === 'rows' ? expansion.rows.length : 1;
      if (count > MAX_ROWS) throw new TransferError('too-many', `more than ${MAX_ROWS} images`);
      yield expansion;
    }
  }
}

async function* expandItem(item: PlanItem, id: string, signal: AbortSignal): AsyncGenerator<Expansion, void, void> {
  const { source, name, text } = item;
  if (item.kind === 'image') {
    const { reference } = item;
    yield { kind: 'rows', rows: [{ rowId: id, source, sourceText: text, reference, name }] };
    return;
  }
  const passes = compileTagFilter(item.filter);
  const seen = new Set<string>();
  try {
    for await (const page of item.listTags(signal)) {
      const tags = page.filter((tag) => passes(tag) && !seen.has(tag));
      for (const tag of tags) seen.add(tag);
      const rows = [...new Set(tags)].map((tag) => ({
        rowId: `${id}:${tag}`,
        source,
        sourceText: `${text}:${tag}`,
        reference: tag,
        name: { ...name, tag },
      }));
      if (rows.length > 0) yield { kind: 'rows', rows };
    }
  } catch (error) {
    signal.throwIfAborted();
    yield { kind: 'failed', rowId: id, sourceText: text, error };
  }
}
