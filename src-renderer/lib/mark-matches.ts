import type { Match } from './find-in-rows.ts';
import type { Piece, WrappedRow } from './wrap-lines.ts';

/** A run of a piece, marked where a match lies on it. */
export type MarkedRun = { readonly text: string; readonly match: Match | undefined };

export type MarkedPiece = { readonly piece: Piece; readonly start: number; readonly runs: readonly MarkedRun[] };

function cutPiece(text: string, start: number, matches: readonly Match[]): readonly MarkedRun[] {
  const runs: MarkedRun[] = [];
  const end = start + text.length;
  let at = start;
  const add = (to: number, match: Match | undefined) => {
    if (to > at) runs.push({ text: text.slice(at - start, to - start), match });
    at = Math.max(at, to);
  };
  for (const match of matches) {
    if (match.end <= at || match.start >= end) continue;
    add(Math.min(match.start, end), undefined);
    add(Math.min(match.end, end), match);
  }
  add(end, undefined);
  return runs;
}

/** The pieces of a row, each cut where a match begins or ends. `matches` are those of the row's line, in order. */
export function markMatches(row: WrappedRow, matches: readonly Match[]): readonly MarkedPiece[] {
  let start = row.start;
  return row.pieces.map((piece) => {
    const marked = { piece, start, runs: cutPiece(piece.text, start, matches) };
    start += piece.text.length;
    return marked;
  });
}
