import { isShortcut, isWriting, plainKeyOf, type KeyStroke } from './shortcuts.ts';

type Step = (index: number, count: number, page: number) => number;

const STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  [plainKeyOf('next-row'), (index) => index + 1],
  [plainKeyOf('previous-row'), (index) => index - 1],
  [plainKeyOf('next-page'), (index, _count, page) => index + page],
  [plainKeyOf('previous-page'), (index, _count, page) => index - page],
  [plainKeyOf('first-row'), () => 0],
  [plainKeyOf('last-row'), (_index, count) => count - 1],
]);

/** Going up from nowhere begins at the top too. */
const UPWARDS: ReadonlySet<string> = new Set([plainKeyOf('previous-row'), plainKeyOf('previous-page')]);

/** Where a key leads in a list of `count` rows, or undefined when it is no key for moving. Nothing wraps around. */
export function movedIndex(key: string, index: number, count: number, page: number): number | undefined {
  const step = STEPS.get(key);
  if (step === undefined || count === 0) return undefined;
  const from = index < 0 ? (UPWARDS.has(key) ? 1 : -1) : index;
  return Math.min(count - 1, Math.max(0, step(from, count, Math.max(1, page))));
}

/** A key press that would write one character: it starts a search. Space selects and `?` explains, so they do not. */
export function isTypedCharacter(event: KeyStroke): boolean {
  return isWriting(event) && event.key !== ' ' && !isShortcut(event, 'shortcuts');
}
