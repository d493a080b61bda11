/** A run of text that is either as the registry sent it, or the visible escape of what cannot be shown safely. */
export type DisplaySegment = { readonly text: string; readonly escaped: boolean };

export type DisplayTextOptions = {
  /** Keep line feeds and tabs as they are, for a block that may show several lines. */
  readonly multiline?: boolean;
};

/**
 * What must never reach a screen or the clipboard as it is: control, format, private-use and unassigned characters,
 * lone surrogates, line and paragraph separators, every space but the ordinary one, and all that Unicode calls
 * ignorable (zero-width, fillers, variation selectors, tags), plus the blank Braille pattern.
 */
const HIDDEN_RUN = /((?:(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800])+)/u;
const HIDDEN_RUN_MULTILINE = /((?:(?![ \t\n])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800])+)/u;
const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

function escapeCharacter(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/**
 * Cuts registry text into runs, so that a view can set its escapes apart. Backslashes stay as they are: only the
 * `escaped` flag tells a real `\u202E` in the text from an escape. Runs are never empty, nor two alike side by side.
 */
export function displaySegments(text: string, options: DisplayTextOptions = {}): readonly DisplaySegment[] {
  // Splitting on one capturing group alternates: text, hidden run, text, …
  const runs = text.split(options.multiline === true ? HIDDEN_RUN_MULTILINE : HIDDEN_RUN);
  return runs
    .map((run, index) => {
      const escaped = index % 2 === 1;
      return { text: escaped ? Array.from(run, escapeCharacter).join('') : run, escaped };
    })
    .filter((segment) => segment.text !== '');
}

/**
 * Registry text made safe to show and to copy: nothing in it can move the cursor, turn the reading direction or hide
 * (SECURITY-CASES N02). For every name, tag, label, annotation, command and error text that a registry chose.
 */
export function displayText(text: string, options: DisplayTextOptions = {}): string {
  return displaySegments(text, options)
    .map((segment) => segment.text)
    .join('');
}
