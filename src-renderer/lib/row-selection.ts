/** Which rows are ticked, by key, and where a range starts. */
export type RowSelection = { readonly keys: ReadonlySet<string>; readonly anchor: string | undefined };

export const NO_ROWS: RowSelection = { keys: new Set(), anchor: undefined };

export function toggleRow({ keys }: RowSelection, key: string): RowSelection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: key };
}

/** From the anchor to `key`, both included, in the order of the rows shown. Adds to what is ticked. */
export function extendRows({ keys, anchor }: RowSelection, order: readonly string[], key: string): RowSelection {
  const from = anchor === undefined ? -1 : order.indexOf(anchor);
  const to = order.indexOf(key);
  if (to === -1) return { keys, anchor };
  const start = from === -1 ? to : from;
  const range = order.slice(Math.min(start, to), Math.max(start, to) + 1);
  return { keys: new Set([...keys, ...range]), anchor: order[start] };
}

/** All rows shown, or none when all are ticked already. */
export function toggleAllRows({ keys }: RowSelection, order: readonly string[]): RowSelection {
  const isWhole = order.length > 0 && order.every((key) => keys.has(key));
  return isWhole ? NO_ROWS : { keys: new Set([...keys, ...order]), anchor: order[0] };
}
