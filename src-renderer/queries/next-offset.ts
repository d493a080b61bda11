type WindowPage = { readonly totalCount: number; readonly rows: readonly unknown[] };

/** Where a list goes on that the engine gives by window; undefined when all of it is read. */
export function nextOffset(last: WindowPage, pages: readonly WindowPage[]): number | undefined {
  const read = pages.reduce((sum, { rows }) => sum + rows.length, 0);
  return read < last.totalCount ? read : undefined;
}
