/** Something to go to or to run. */
export type PaletteEntry = {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly hint?: string | undefined;
};

export type PaletteSection<E extends PaletteEntry> = { readonly value: string; readonly items: readonly E[] };

const LIMIT = 50;
/** Of each group, while nothing is typed: every group is to be seen. */
const GLANCE = 8;

/** Higher is better; undefined when a word is nowhere. Every word must be found, in the label or the hint. */
function score(entry: PaletteEntry, words: readonly string[]): number | undefined {
  const label = entry.label.toLowerCase();
  const hint = entry.hint?.toLowerCase() ?? '';
  let total = 0;
  for (const word of words) {
    const at = label.indexOf(word);
    if (at === 0) total += 8;
    else if (at > 0) total += /[\s/:.@_-]/.test(label.charAt(at - 1)) ? 5 : 2;
    else if (hint.includes(word)) total += 1;
    else return undefined;
  }
  // Of two that match alike the shorter one is more of what was typed.
  return total - label.length / 1000;
}

/** What matches, the best fifty, in groups: groups and entries in order of their best match. */
export function searchPalette<E extends PaletteEntry>(
  entries: readonly E[],
  query: string,
): readonly PaletteSection<E>[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const ranked = entries
    .flatMap((entry) => {
      const rank = score(entry, words);
      return rank === undefined ? [] : [{ entry, rank }];
    })
    .sort((a, b) => (words.length === 0 ? 0 : b.rank - a.rank))
    .slice(0, words.length === 0 ? entries.length : LIMIT);
  const groups = new Map<string, E[]>();
  for (const { entry } of ranked) {
    const group = groups.get(entry.group) ?? [];
    if (words.length > 0 || group.length < GLANCE) group.push(entry);
    groups.set(entry.group, group);
  }
  return [...groups].map(([value, items]) => ({ value, items }));
}
