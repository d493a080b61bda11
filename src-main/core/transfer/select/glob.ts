import { InvalidInputError } from '../../gantry-error.ts';

/** Alternatives that one pattern may stand for, `{a,b}` written out. */
const MAX_ALTERNATIVES = 64;

/**
 * A test for a glob over names without folders: `*` is any number of characters, `?` one, `{a,b}` either; anything else
 * is itself. Takes time proportional to pattern times text at worst, whatever the pattern.
 * @throws {InvalidInputError} when `{…}` stands for more than 64 patterns
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const alternatives = writeOut(pattern);
  return (text) => alternatives.some((each) => matches(each, text));
}

/** `a{b,c}d` → `abd`, `acd`. A brace that is not closed is a brace. */
function writeOut(pattern: string): readonly string[] {
  let heads = [''];
  let rest = pattern;
  for (let group = firstGroup(rest); group !== undefined; group = firstGroup(rest)) {
    const { before, choices, after } = group;
    heads = heads.flatMap((head) => choices.map((choice) => `${head}${before}${choice}`));
    if (heads.length > MAX_ALTERNATIVES) {
      throw new InvalidInputError('filter', `a pattern that stands for more than ${MAX_ALTERNATIVES} others`);
    }
    rest = after;
  }
  return heads.map((head) => head + rest);
}

function firstGroup(text: string) {
  const open = text.indexOf('{');
  const close = text.indexOf('}', open);
  if (open === -1 || close === -1) return undefined;
  return { before: text.slice(0, open), choices: text.slice(open + 1, close).split(','), after: text.slice(close + 1) };
}

/** Goes back to the last `*` only, which is enough: an earlier one could match no more than that one can. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  let index = 0;
  while (index < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      resumeAt = index;
      at += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[index])) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      resumeAt += 1;
      index = resumeAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
