/** A run of one colour. `kind` is a word of the highlighter's own: `keyword`, `string`, `comment`. */
export type CodeToken = { readonly text: string; readonly kind?: string | undefined };

/** One row on screen: a line, or a part of one too long to be a single row. */
export type CodeRow = {
  /** From 1; absent for the further parts of a line. */
  readonly number?: number;
  readonly tokens: readonly CodeToken[];
};

/** Minified files have lines of a megabyte, which no browser lays out at once. */
const ROW_LENGTH = 1000;

/** Cuts tokens into lines, and long lines into rows. A final line break begins no line of its own. */
export function codeRows(tokens: readonly CodeToken[]): readonly CodeRow[] {
  const lines: CodeToken[][] = [[]];
  for (const { text, kind } of tokens) {
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      const shown = piece.endsWith('\r') ? piece.slice(0, -1) : piece;
      if (shown !== '') lines.at(-1)?.push({ text: shown, kind });
    }
  }
  if (lines.length > 1 && lines.at(-1)?.length === 0) lines.pop();
  return lines.flatMap((line, index) =>
    cutLine(line).map((row, part): CodeRow => (part === 0 ? { number: index + 1, tokens: row } : { tokens: row })),
  );
}

function cutLine(line: readonly CodeToken[]): readonly (readonly CodeToken[])[] {
  const rows: CodeToken[][] = [[]];
  let room = ROW_LENGTH;
  for (const token of line) {
    let { text } = token;
    while (text.length > room) {
      const cut = cutIndex(text, room);
      rows.at(-1)?.push({ ...token, text: text.slice(0, cut) });
      text = text.slice(cut);
      rows.push([]);
      room = ROW_LENGTH;
    }
    if (text !== '') rows.at(-1)?.push({ ...token, text });
    room -= text.length;
  }
  return rows.filter((row, index) => index === 0 || row.length > 0);
}

/** Never inside a surrogate pair. */
function cutIndex(text: string, room: number): number {
  const unit = text.charCodeAt(room - 1);
  return room > 1 && unit >= 0xd800 && unit <= 0xdbff ? room - 1 : room;
}
