type Token = { readonly kind: 'text'; readonly character: string } | { readonly kind: 'one' | 'name' | 'path' };

/**
 * A test for a pattern in the manner of a shell, whatever the case: `?` is one character, `*` any but `/`, `**` any at
 * all. All ways through the pattern are followed at once, so no name can make it slow.
 */
export function globMatcher(pattern: string): (candidate: string) => boolean {
  const tokens = tokensOf(pattern.toLowerCase());
  return (candidate) => {
    let states = closure(tokens, new Set([0]));
    for (const character of candidate.toLowerCase()) {
      states = closure(tokens, step(tokens, states, character));
      if (states.size === 0) return false;
    }
    return states.has(tokens.length);
  };
}

function tokensOf(pattern: string): readonly Token[] {
  return [...pattern.matchAll(/\*{2,}|[\s\S]/gu)].map(([part]): Token => {
    if (part === '*') return { kind: 'name' };
    if (part === '?') return { kind: 'one' };
    return part.startsWith('**') ? { kind: 'path' } : { kind: 'text', character: part };
  });
}

/** A star may stand for nothing: where one is reached, so is what follows it. */
function closure(tokens: readonly Token[], states: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(states);
  // Grows while it is walked.
  for (const at of all) {
    const kind = tokens[at]?.kind;
    if (kind === 'name' || kind === 'path') all.add(at + 1);
  }
  return all;
}

function step(tokens: readonly Token[], states: ReadonlySet<number>, character: string): ReadonlySet<number> {
  const next = new Set<number>();
  for (const at of states) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (token.kind === 'text' && token.character === character) next.add(at + 1);
    if (token.kind === 'one' && character !== '/') next.add(at + 1);
    if (token.kind === 'path' || (token.kind === 'name' && character !== '/')) next.add(at);
  }
  return next;
}
