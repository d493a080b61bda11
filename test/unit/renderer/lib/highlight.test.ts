import { assert as check, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlight } from '#renderer/lib/highlight.ts';

const kindOf = (text: string, language: string, word: string) =>
  highlight(text, language).find((token) => token.text.includes(word))?.kind;

describe('highlight', () => {
  it('tells keywords, strings, numbers and comments apart, by their language and its other names', () => {
    expect(kindOf('const a = "b"; // c', 'typescript', 'const')).toBe('keyword');
    expect(kindOf('const a = "b"; // c', 'typescript', 'b')).toBe('string');
    expect(kindOf('const a = "b"; // c', 'typescript', 'c')).toBe('keyword');
    expect(kindOf('{"a": 12}', 'json', '12')).toBe('number');
    expect(kindOf('# a comment', 'sh', 'comment')).toBe('comment');
    expect(kindOf('[a]\nb = 1', 'toml', '[a]')).toBe('section');
  });

  it('leaves a text of no known language as it is', () => {
    expect(highlight('a b', undefined)).toEqual([{ text: 'a b' }]);
    expect(highlight('a b', 'brainfuck')).toEqual([{ text: 'a b' }]);
  });

  it('loses and adds no character, whatever the text', () => {
    const languages = constantFrom('bash', 'json', 'xml', 'python', 'dockerfile', 'css', 'php');
    check(
      property(string({ maxLength: 200 }), languages, (text, language) => {
        expect(
          highlight(text, language)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
