import { rowText, type WrappedRow } from './wrap-lines.ts';

/** A match in a line of the document, in columns of the line as it is shown. */
export type Match = { readonly line: number; readonly start: number; readonly end: number };

/** Enough to step through; a search for one letter in a large index must not fill memory. */
const MATCH_LIMIT = 10_000;

function lineTexts(rows: readonly WrappedRow[]): readonly string[] {
  const texts: string[] = [];
  for (const row of rows) texts[row.line] = (texts[row.line] ?? '') + rowText(row);
  return texts;
}

/** Every place the words stand, upper or lower case, also where a line is cut into rows. In reading order. */
export function findInRows(rows: readonly WrappedRow[], words: string): readonly Match[] {
  const needle = words.toLowerCase();
  const matches: Match[] = [];
  if (needle === '') return matches;
  for (const [line, text] of lineTexts(rows).entries()) {
    const lower = text.toLowerCase();
    // A few letters change length in lower case; then the columns would be wrong.
    const folded = lower.length === text.length ? lower : text;
    let at = folded.indexOf(needle);
    while (at !== -1 && matches.length < MATCH_LIMIT) {
      matches.push({ line, start: at, end: at + needle.length });
      at = folded.indexOf(needle, at + needle.length);
    }
  }
  return matches;
}

/** The row a match begins in. */
export function rowOfMatch(rows: readonly WrappedRow[], match: Match): number {
  const next = rows.findIndex((row) => row.line > match.line || (row.line === match.line && row.start > match.start));
  return next === -1 ? rows.length - 1 : next - 1;
}
