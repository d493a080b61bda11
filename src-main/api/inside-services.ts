import { join } from 'node:path';
import type { ClientPool } from '../core/connections/client-pool.ts';
import { createDocumentReader, type DocumentReader } from '../core/documents/read-document.ts';
import type { LayerStore } from '../core/layers/create-layer-store.ts';
import { createSavedDownloads, type SavedDownloads } from '../core/layers/extract/saved-downloads.ts';
import { createOpenImages, type OpenImages } from '../core/layers/opened/open-images.ts';
import type { Ports } from '../core/ports.ts';

/** What belongs to looking inside. */
export type InsideServices = {
  readonly openImages: OpenImages;
  readonly documents: DocumentReader;
  readonly savedDownloads: SavedDownloads;
};

export function openInside(
  { clock, paths }: Ports,
  layers: LayerStore,
  clients: Pick<ClientPool, 'get'>,
): InsideServices {
  return {
    openImages: createOpenImages({ store: layers, clientOf: (registryId) => clients.get(registryId), clock }),
    documents: createDocumentReader(),
    savedDownloads: createSavedDownloads(join(paths.dataDir, 'saved'), () => clock.now()),
  };
}
