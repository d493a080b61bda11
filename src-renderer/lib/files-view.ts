import type { FilesView } from '#shared/api/file-rows.ts';

/** What of an image's files a person looks at, as it stands in the address. */
export type FilesPlace = {
  readonly show: 'image' | 'layer' | 'changes';
  /** Position of the layer, 0 is the lowest; of `image`: as it was after that layer. */
  readonly layer?: number | undefined;
  readonly deleted: boolean;
  /** What is selected. */
  readonly path?: string | undefined;
};

const PARAMS = { show: 'show', layer: 'layer', deleted: 'deleted', path: 'path' } as const;

/** Reads the query of an address; what makes no sense for `layerCount` layers is left out. */
export function readFilesPlace(query: URLSearchParams, layerCount: number): FilesPlace {
  const number = Number(query.get(PARAMS.layer) ?? Number.NaN);
  const layer = Number.isInteger(number) && number >= 1 && number <= layerCount ? number - 1 : undefined;
  const asked = query.get(PARAMS.show);
  const show = (asked === 'layer' || asked === 'changes') && layer !== undefined ? asked : 'image';
  return { show, layer, deleted: query.get(PARAMS.deleted) === 'yes', path: query.get(PARAMS.path) ?? undefined };
}

/** Layers are counted from 1 in addresses, as they are on the screen. */
export function writeFilesPlace(query: URLSearchParams, { show, layer, deleted, path }: FilesPlace): URLSearchParams {
  const after = new URLSearchParams(query);
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) after.delete(name);
    else after.set(name, value);
  };
  set(PARAMS.show, show === 'image' ? undefined : show);
  set(PARAMS.layer, layer === undefined ? undefined : String(layer + 1));
  set(PARAMS.deleted, deleted ? 'yes' : undefined);
  set(PARAMS.path, path);
  return after;
}

/** What the engine is asked for. */
export function viewOf({ show, layer, deleted }: FilesPlace): FilesView {
  if (show !== 'image' && layer !== undefined) return { kind: show, layer };
  return { kind: 'merged', deleted, ...(layer === undefined ? {} : { upToLayer: layer }) };
}
