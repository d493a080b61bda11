const STEPS: Readonly<Record<string, (index: number, count: number, page: number) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index, _count, page) => index + page,
  PageUp: (index, _count, page) => index - page,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

/** Where a key leads in a list of `count` rows, or undefined when it is no key for moving. Nothing wraps around. */
export function movedIndex(key: string, index: number, count: number, page: number): number | undefined {
  const step = STEPS[key];
  if (step === undefined || count === 0) return undefined;
  const from = index < 0 ? (key === 'ArrowUp' || key === 'PageUp' ? 1 : -1) : index;
  return Math.min(count - 1, Math.max(0, step(from, count, Math.max(1, page))));
}

/** A key press that would write one character: it starts a search. Space selects, so it does not. */
export function isTypedCharacter(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1 && event.key !== ' ';
}
