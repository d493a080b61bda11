import { readFileSync } from 'node:fs';

/** What the doc comments of a source file say of its exported schemas and its procedures, by name. */
export function docComments(path: string): ReadonlyMap<string, string> {
  const source = readFileSync(path, 'utf8');
  const pattern = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export const (\w+)|(\w+): procedure)/g;
  return new Map(
    [...source.matchAll(pattern)].map(([, text = '', schema, procedure]) => [schema ?? procedure ?? '', clean(text)]),
  );
}

function clean(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .filter((line) => line !== '')
    .join(' ')
    .replaceAll(/\s*@throws /g, '\n\nRefuses with: ')
    .trim();
}
