const turns = new Map<string, Promise<unknown>>();

/** Runs what concerns one path one after the other, whoever asks: the list of a layout is read and then replaced. */
export async function oneAtATime<T>(path: string, run: () => Promise<T>): Promise<T> {
  const before = turns.get(path) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(run);
  turns.set(path, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(path) === mine) turns.delete(path);
  }
}
