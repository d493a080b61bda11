import { useState } from 'react';
import { searchPalette } from '../../lib/palette-search.ts';
import { CommandPalette } from '../../ui/command-palette.tsx';
import type { RunnableEntry } from './palette-command.ts';
import { usePaletteEntries } from './use-palette-entries.ts';

export type PaletteProps = { readonly onClose: () => void };

/** Ctrl K: go to a registry or repository seen before, run a command, or open what is pasted. */
export function Palette({ onClose }: PaletteProps) {
  const [query, setQuery] = useState('');
  const { entries, typed } = usePaletteEntries();
  const references = typed(query);
  const found = searchPalette(entries, query);
  const sections = references.length === 0 ? found : [...found, { value: 'Go to', items: references }];
  // The palette closes first: what is run may open a dialog of its own.
  const closing = ({ onSelect, ...entry }: RunnableEntry) => ({
    ...entry,
    onSelect: () => {
      onClose();
      onSelect();
    },
  });
  return (
    <CommandPalette
      open
      onClose={onClose}
      query={query}
      onQueryChange={setQuery}
      groups={sections.map(({ value, items }) => ({ value, items: items.map(closing) }))}
      placeholder="Go to a repository, run a command, paste a reference"
      emptyText="Nothing matches. Paste a whole reference, such as ghcr.io/owner/app:1.0, to go there."
    />
  );
}
