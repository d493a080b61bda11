import { InvalidInputError } from '../gantry-error.ts';

/** A part of a list: `count` rows from `start` on. */
export type Window = { readonly start: number; readonly count: number };

/** Some rows of a list, and how many there are in all. */
export type Rows<T> = { readonly rows: readonly T[]; readonly totalCount: number };

/** More than any screen shows; a list of a million is read in parts. */
export const MAX_ROWS = 1000;

/** @throws {InvalidInputError} for a window that is none, or wider than {@link MAX_ROWS} */
export function checkWindow({ start, count }: Window): void {
  const isPlace = Number.isSafeInteger(start) && start >= 0;
  if (!isPlace || !Number.isSafeInteger(count) || count < 0 || count > MAX_ROWS) {
    throw new InvalidInputError('window', `a window begins at 0 or later and has at most ${MAX_ROWS} rows`);
  }
}
