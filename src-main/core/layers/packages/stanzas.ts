/** The fields of one stanza; the first of a name counts. */
export type Stanza = ReadonlyMap<string, string>;

/**
 * Stanzas of `Name: value` lines parted by empty lines, as dpkg, apk and Python write them. Lines that begin with a
 * blank go on with the field before and are left out: no field that is read here has any. One pass, linear.
 */
export function* readStanzas(text: string, separator: string): Generator<Stanza, void, void> {
  let stanza = new Map<string, string>();
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    start = end + 1;
    if (line === '') {
      if (stanza.size > 0) yield stanza;
      stanza = new Map();
      continue;
    }
    const cut = line.indexOf(separator);
    const isField = cut > 0 && line[0] !== ' ' && line[0] !== '\t';
    if (isField && !stanza.has(line.slice(0, cut))) stanza.set(line.slice(0, cut), line.slice(cut + separator.length));
  }
  if (stanza.size > 0) yield stanza;
}
