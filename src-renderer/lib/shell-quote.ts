const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Control, bidirectional, zero-width and other invisible characters. In a terminal a pasted ESC or line break acts
 * before the shell sees any quote, so quoting cannot make them safe (SECURITY-CASES N05).
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u;

/** One word for a POSIX shell, or undefined when no quoting makes it safe to paste. */
export function quoteWord(word: string): string | undefined {
  if (HIDDEN.test(word)) return undefined;
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A whole command line, or undefined when one of its words cannot be made safe. */
export function quoteCommand(words: readonly string[]): string | undefined {
  const quoted: string[] = [];
  for (const word of words) {
    const safe = quoteWord(word);
    if (safe === undefined) return undefined;
    quoted.push(safe);
  }
  return quoted.join(' ');
}
