import { displaySegments } from '#shared/oci/display-text.ts';
import type { JsonLine, JsonToken } from './json-lines.ts';

/** A run of one token as it is shown: hidden characters are spelled out and marked. */
export type Piece = {
  readonly token: JsonToken;
  readonly text: string;
  readonly escaped: boolean;
};

/** One row on screen: a whole line, or a part of a line too long for the columns there are. */
export type WrappedRow = {
  readonly line: number;
  /** The row's first column in its line; 0 for the row that carries the line number. */
  readonly start: number;
  readonly pieces: readonly Piece[];
};

const TAB = '    ';

/** A string's own tabs cannot be raw in JSON; those between tokens are only room. */
function toPieces(token: JsonToken): readonly Piece[] {
  if (token.kind === 'space') return [{ token, text: token.text.replaceAll('\t', TAB), escaped: false }];
  return displaySegments(token.text.replaceAll('\t', TAB)).map(({ text, escaped }) => ({ token, text, escaped }));
}

/** The index to cut at, never inside a surrogate pair. */
function cutIndex(text: string, room: number): number {
  const unit = text.charCodeAt(room - 1);
  const splitsPair = unit >= 0xd800 && unit <= 0xdbff && room < text.length;
  return splitsPair ? Math.max(room - 1, 1) : room;
}

function wrapLine(line: JsonLine, number: number, columns: number): WrappedRow[] {
  const rows: WrappedRow[] = [];
  let pieces: Piece[] = [];
  let start = 0;
  let used = 0;
  for (const piece of line.flatMap(toPieces)) {
    let rest = piece.text;
    while (used + rest.length > columns) {
      const cut = cutIndex(rest, columns - used);
      if (cut > 0 && columns > used) pieces.push({ ...piece, text: rest.slice(0, cut) });
      const taken = columns > used ? cut : 0;
      rows.push({ line: number, start, pieces });
      start += used + taken;
      rest = rest.slice(taken);
      pieces = [];
      used = 0;
    }
    if (rest !== '') pieces.push({ ...piece, text: rest });
    used += rest.length;
  }
  rows.push({ line: number, start, pieces });
  return rows;
}

/** Lines cut into rows of at most `columns` characters, so that no document makes the page scroll sideways. */
export function wrapLines(lines: readonly JsonLine[], columns: number): readonly WrappedRow[] {
  const width = Math.max(8, Math.floor(columns));
  return lines.flatMap((line, number) => wrapLine(line, number, width));
}

/** The text of a row as it is shown. */
export function rowText(row: WrappedRow): string {
  return row.pieces.map(({ text }) => text).join('');
}
