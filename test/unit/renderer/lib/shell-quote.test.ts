import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteCommand, quoteWord } from '#renderer/lib/shell-quote.ts';

/** What a real shell makes of a line: its words, each followed by NUL. */
function shellWords(line: string): string[] {
  const output = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

const visible = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((word) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(word));
const nasty = fc
  .array(
    fc.constantFrom(
      "'",
      '"',
      '`',
      '$(id)',
      '${x}',
      ';',
      '|',
      '&',
      '\\',
      ' ',
      '*',
      '~',
      '#',
      '!',
      '-',
      'a',
      '<',
      '>',
      '(',
      'é',
      '漢',
    ),
    {
      minLength: 1,
    },
  )
  .map((parts) => parts.join(''));

describe('shell quoting', () => {
  test('N05 words of any visible characters come out of a real shell as they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, visible), { minLength: 1, maxLength: 40 }), (words) => {
        const line = quoteCommand(words);
        expect(line).toBeDefined();
        expect(shellWords(line ?? '')).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test('names that need no quotes have none', () => {
    expect(quoteWord('docker.io/library/nginx:1.27.3')).toBe('docker.io/library/nginx:1.27.3');
    expect(quoteWord('repo@sha256:abc')).toBe('repo@sha256:abc');
  });

  test('an empty word stays a word', () => {
    expect(quoteWord('')).toBe("''");
  });

  test.each(['a\nb', 'a\u001B[201~b', 'a\u202Eb', 'a\u200Bb', 'a\u0000b', 'a\rb', 'a\u2028b', '\uD800'])(
    'N05 %j is refused, since it acts before the shell reads any quote',
    (word) => {
      expect(quoteWord(word)).toBeUndefined();
      expect(quoteCommand(['docker', 'pull', word])).toBeUndefined();
    },
  );
});
