/**
 * Runs `work` for each item, at most `limit` at a time, and yields each result when it is there. Starts no more than
 * the reader takes. `work` must not reject for a single item's failure: a rejection ends the stream.
 */
export async function* inOrderOfArrival<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const running = new Map<number, Promise<readonly [index: number, result: Result]>>();
  const start = async (item: Item, index: number) => [index, await work(item)] as const;
  const waiting = items.entries();
  for (;;) {
    while (running.size < limit) {
      const { value, done } = waiting.next();
      if (done === true) break;
      running.set(value[0], start(value[1], value[0]));
    }
    if (running.size === 0) return;
    const [index, result] = await Promise.race(running.values());
    running.delete(index);
    yield result;
  }
}
