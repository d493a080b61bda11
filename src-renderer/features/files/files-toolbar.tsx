import type { SingleImageView } from '#shared/api/images.ts';
import type { Ref } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import type { FilesPlace } from '../../lib/files-view.ts';
import { layerInstruction } from '../../lib/layer-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { DownloadIcon } from '../../ui/icons.ts';
import { Menu } from '../../ui/menu.tsx';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import css from './files.module.css';

export const FILE_FORMS = [
  { value: 'tree', label: 'Tree' },
  { value: 'largest', label: 'Largest' },
  { value: 'map', label: 'Map' },
] as const;
export type FileForm = (typeof FILE_FORMS)[number]['value'];

export type FilesToolbarProps = {
  readonly image: SingleImageView;
  readonly place: FilesPlace;
  readonly onPlace: (change: Partial<FilesPlace>) => void;
  readonly form: FileForm;
  readonly onForm: (form: FileForm) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly searchRef: Ref<HTMLInputElement>;
  readonly saveItems: readonly MenuItem[];
};

const SHOWS = [
  { value: 'image', label: 'Image' },
  { value: 'layer', label: 'One layer' },
  { value: 'changes', label: 'Changes' },
] as const;

const INSTRUCTION_LENGTH = 60;

/** `all`, or a layer by number with what made it. */
function layerOptions(image: SingleImageView, show: FilesPlace['show']) {
  const layers = image.layers.map((_layer, index) => {
    const instruction = displayText(layerInstruction(image, index) ?? '').slice(0, INSTRUCTION_LENGTH);
    const prefix = show === 'image' ? 'After layer' : 'Layer';
    return { value: String(index), label: `${prefix} ${index + 1}${instruction === '' ? '' : `: ${instruction}`}` };
  });
  return show === 'image' ? [{ value: 'all', label: 'All layers' }, ...layers] : layers;
}

/** What of the files is shown, and how. */
export function FilesToolbar(props: FilesToolbarProps) {
  const { image, place, onPlace, form, onForm, search, onSearch, searchRef, saveItems } = props;
  const top = image.layers.length - 1;
  return (
    <Toolbar label="Files" wraps>
      <Segmented
        label="Show"
        value={place.show}
        options={SHOWS}
        onChange={(show) => {
          onPlace({ show, layer: show === 'image' ? undefined : (place.layer ?? top), deleted: false });
        }}
      />
      <Select
        label="Layer"
        className={css['layerSelect']}
        value={place.layer === undefined ? 'all' : String(place.layer)}
        options={layerOptions(image, place.show)}
        onChange={(value) => {
          onPlace({ layer: value === 'all' ? undefined : Number(value) });
        }}
      />
      {place.show === 'image' && (
        <Checkbox
          label="Deleted"
          checked={place.deleted}
          onChange={(deleted) => {
            onPlace({ deleted });
          }}
        />
      )}
      <span className={css['spring']} />
      <FilterField
        ref={searchRef}
        label="Find files"
        placeholder="Name, or *.so"
        value={search}
        onChange={onSearch}
        className={css['search']}
      />
      <Segmented label="View as" value={form} options={FILE_FORMS} onChange={onForm} />
      <Menu align="end" trigger={<IconButton label="Save…" icon={DownloadIcon} />} items={saveItems} />
    </Toolbar>
  );
}
