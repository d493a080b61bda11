import { summariseFile } from '../core/layers/preview/summarise-file.ts';
import { previewContent } from '../core/layers/preview/preview-content.ts';
import { toRow } from '../core/layers/browse/rows.ts';
import type { Implementer } from './error-boundary.ts';
import { saveHandlers } from './save-files.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';

/** `files.*` */
export function filesHandlers(os: Implementer, services: Services) {
  const { openImages } = services;
  return {
    ...saveHandlers(os, services),

    open: os.files.open.handler(({ input, signal }) =>
      stoppableStream(signal, (signal) => openImages.open(input, signal)),
    ),

    list: os.files.list.handler(({ input: { view, path, order, offset, limit, ...target }, signal }) =>
      openImages.get(target).files.list({ view, path, order, window: { offset, limit }, signal }),
    ),

    stat: os.files.stat.handler(({ input: { view, path, ...target }, signal }) =>
      openImages.get(target).files.stat({ view, path, signal }),
    ),

    search: os.files.search.handler(({ input: { view, query, under, offset, limit, ...target }, signal }) =>
      openImages.get(target).files.search({ view, query, under, window: { offset, limit }, signal }),
    ),

    largest: os.files.largest.handler(({ input: { view, under, offset, limit, ...target }, signal }) =>
      openImages.get(target).files.largest({ view, under, window: { offset, limit }, signal }),
    ),

    treemap: os.files.treemap.handler(async ({ input: { view, path, maxNodes, ...target }, signal }) => ({
      nodes: await openImages.get(target).files.treemap({ view, path, maxNodes, signal }),
    })),

    preview: os.files.preview.handler(async ({ input: { view: choice, path, limitBytes, raw, ...target }, signal }) => {
      const image = openImages.get(target);
      const { view, node, entry } = await image.findFile(choice, path, signal);
      const { bytes, isWhole, sizeBytes, verification } = await image.preview(entry, limitBytes, signal);
      const row = toRow(view, node);
      const summary = summariseFile(bytes, isWhole);
      return {
        row,
        contentPath: row.path,
        sizeBytes,
        shownBytes: bytes.length,
        ...(summary === undefined ? {} : { summary }),
        verification,
        content: previewContent(bytes, { name: row.name, isWhole, raw }),
      };
    }),
  };
}
