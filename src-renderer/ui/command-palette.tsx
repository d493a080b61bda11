import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import css from './command-palette.module.css';
import { SearchIcon, type Icon } from './icons.ts';
import { SafeText } from './safe-text.tsx';

export type PaletteItem = {
  readonly id: string;
  readonly label: string;
  /** A second fact: host, keys. */
  readonly hint?: string | undefined;
  readonly icon: Icon;
  readonly onSelect: () => void;
};

export type PaletteGroup = { readonly value: string; readonly items: readonly PaletteItem[] };

export type CommandPaletteProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly query: string;
  readonly onQueryChange: (query: string) => void;
  /** What matches, best first: the palette itself does not filter. */
  readonly groups: readonly PaletteGroup[];
  readonly placeholder: string;
  readonly emptyText: string;
};

function Item({ item }: { readonly item: PaletteItem }) {
  const { icon: IconPart } = item;
  return (
    <Autocomplete.Item value={item} className={css['item'] ?? ''} onClick={item.onSelect}>
      <IconPart size={15} aria-hidden />
      <span className={css['label']}>
        <SafeText text={item.label} />
      </span>
      {item.hint !== undefined && (
        <span className={css['hint']}>
          <SafeText text={item.hint} />
        </span>
      )}
    </Autocomplete.Item>
  );
}

/** Go to anything, run anything: a combobox in a dialog. Spec: WAI-ARIA APG, "Combobox Pattern". */
export function CommandPalette(props: CommandPaletteProps) {
  const { open, onClose, query, onQueryChange, groups, placeholder, emptyText } = props;
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={css['backdrop'] ?? ''} />
        <Dialog.Popup className={css['popup'] ?? ''} aria-label="Command palette">
          <Autocomplete.Root
            open
            inline
            items={groups}
            value={query}
            onValueChange={onQueryChange}
            itemToStringValue={(item: PaletteItem) => item.label}
            filter={null}
            autoHighlight="always"
            keepHighlight
          >
            <div className={css['inputRow']}>
              <SearchIcon size={16} aria-hidden />
              <Autocomplete.Input
                className={css['input'] ?? ''}
                aria-label={placeholder}
                placeholder={placeholder}
                spellCheck={false}
              />
            </div>
            <Autocomplete.Empty className={css['empty'] ?? ''}>
              {groups.length === 0 ? emptyText : null}
            </Autocomplete.Empty>
            <Autocomplete.List className={css['list'] ?? ''}>
              {(group: PaletteGroup) => (
                <Autocomplete.Group key={group.value} items={group.items} className={css['group'] ?? ''}>
                  <Autocomplete.GroupLabel className={css['groupLabel'] ?? ''}>{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: PaletteItem) => <Item key={item.id} item={item} />}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
