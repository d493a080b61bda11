import type { PaletteEntry } from '../../lib/palette-search.ts';
import type { Icon } from '../../ui/icons.ts';

/** Something to go to or to run, with its icon. */
export type RunnableEntry = PaletteEntry & { readonly icon: Icon; readonly onSelect: () => void };

export function command(label: string, icon: Icon, onSelect: () => void, hint?: string): RunnableEntry {
  return { id: `command ${label}`, group: 'Commands', label, icon, onSelect, hint };
}
