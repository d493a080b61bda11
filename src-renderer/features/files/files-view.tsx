import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { FileOrder, OpenedFiles } from '#shared/api/files.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import { useRef, useState } from 'react';
import { viewOf } from '../../lib/files-view.ts';
import { useFileStat, type FileQuery, type InView } from '../../queries/files.ts';
import { Preview } from './preview/preview.tsx';
import { FileList } from './file-list.tsx';
import { FilesFooter } from './files-footer.tsx';
import { FilesToolbar, type FileForm } from './files-toolbar.tsx';
import css from './files.module.css';
import { LayerNotes } from './layer-notes.tsx';
import { SidePane } from './side-pane.tsx';
import { TreemapView } from './treemap-view.tsx';
import { useFilesPlace } from './use-files-place.ts';
import { saveMenu, useSave, type Saving } from './use-save.ts';
import { useSaveKey } from './use-save-key.ts';
import { useSettled } from './use-settled.ts';

export type FilesViewProps = {
  readonly target: FilesTarget;
  readonly image: SingleImageView;
  readonly opened: OpenedFiles;
};

const BY_NAME: FileOrder = { by: 'name', descending: false, foldersFirst: true };
const SEARCH_SETTLES_MS = 150;

/** The next order when a head is clicked: sizes and times begin with the largest. */
function sortedBy(before: FileOrder, by: FileOrder['by']): FileOrder {
  if (before.by === by) return { ...before, descending: !before.descending };
  return { by, descending: by !== 'name', foldersFirst: by === 'name' };
}

/** How the files are looked at: what of it is not in the address is forgotten with the page. */
function useFilesState(layerCount: number) {
  const { place, go } = useFilesPlace(layerCount);
  const [form, setForm] = useState<FileForm>('tree');
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState(BY_NAME);
  const query = useSettled(search.trim(), SEARCH_SETTLES_MS);
  return {
    place,
    go,
    form,
    setForm,
    search,
    setSearch,
    query,
    order,
    sort: (by: FileOrder['by']) => {
      setOrder((before) => sortedBy(before, by));
    },
    showInTree: (path: string) => {
      setSearch('');
      setForm('tree');
      go({ path });
    },
  };
}

type FilesState = ReturnType<typeof useFilesState>;

function whatOf(query: string, form: FileForm): FileQuery | undefined {
  if (query !== '') return { kind: 'search', query };
  return form === 'largest' ? { kind: 'largest' } : undefined;
}

type ListProps = {
  readonly state: FilesState;
  readonly inView: InView;
  readonly saving: Saving;
  readonly onSelect: (path: string) => void;
  readonly onType: (character: string) => void;
};

/** The tree, a list or the map. */
function List({ state, inView, saving, onSelect, onType }: ListProps) {
  const { place, form, query } = state;
  if (form === 'map' && query === '') return <TreemapView inView={inView} selected={place.path} onSelect={onSelect} />;
  return (
    <FileList
      // Another view is another tree: what was open in one says nothing of the other.
      key={`${JSON.stringify(inView.view)} ${form} ${query === '' ? '' : 'found'}`}
      inView={inView}
      what={whatOf(query, form)}
      order={state.order}
      onSort={state.sort}
      selected={place.path}
      onSelect={onSelect}
      onShowInTree={state.showInTree}
      onType={onType}
      saving={saving}
    />
  );
}

/** An opened image: its files on the left, what is selected on the right. */
export function FilesView({ target, image, opened }: FilesViewProps) {
  const state = useFilesState(image.layers.length);
  const searchRef = useRef<HTMLInputElement>(null);
  const { place, go } = state;
  const inView = { target, view: viewOf(place) };
  const row = useFileStat(inView, place.path).data?.row;
  const saving = useSave(target, image, place);
  useSaveKey(saving.ofRow(row));
  const select = (path: string) => {
    go({ path });
  };
  return (
    <div className={css['files']}>
      <FilesToolbar
        image={image}
        place={place}
        onPlace={go}
        form={state.form}
        onForm={state.setForm}
        search={state.search}
        onSearch={state.setSearch}
        searchRef={searchRef}
        saveItems={saveMenu(saving, row)}
      />
      <LayerNotes opened={opened} />
      <div className={css['panes']}>
        <List
          state={state}
          inView={inView}
          saving={saving}
          onSelect={select}
          onType={(character) => {
            state.setSearch((before) => before + character);
            searchRef.current?.focus();
          }}
        />
        <SidePane label="file">
          <Preview
            key={`${place.path ?? ''} ${JSON.stringify(inView.view)}`}
            inView={inView}
            path={place.path}
            image={image}
            saving={saving}
            onSelect={select}
          />
        </SidePane>
      </div>
      <FilesFooter opened={opened} />
    </div>
  );
}
