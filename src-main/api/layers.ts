import type { OpenedImage } from '../core/layers/opened/opened-image.ts';
import type { Waste } from '../core/layers/compare/waste.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `layers.*` */
export function layersHandlers(os: Implementer, { openImages }: Services) {
  return {
    overview: os.layers.overview.handler(({ input, signal }) => toOverview(openImages.get(input), signal)),

    waste: os.layers.waste.handler(async ({ input: { shippedBy, hiddenBy, offset, limit, ...target }, signal }) => {
      const image = openImages.get(target);
      const waste = await image.waste(signal);
      const entries = narrowed(image, waste, { shippedBy, hiddenBy });
      const rows = Array.from(entries.subarray(offset, offset + limit), (entry) => waste.toRow(entry));
      return { rows, totalCount: entries.length };
    }),
  };
}

async function toOverview(image: OpenedImage, signal: AbortSignal | undefined) {
  const { layers, total, efficiency, pairs } = await image.waste(signal);
  const changes = await image.changes(signal);
  return {
    layers: layers.map((bytes, layer) => Object.assign({ layer, ...NO_CHANGES }, bytes, changes[layer])),
    ...total,
    efficiency,
    pairs: [...pairs],
  };
}

const NO_CHANGES = { addedCount: 0, changedCount: 0, removedCount: 0, sizeDelta: 0 };

type Narrowing = { readonly shippedBy: number | undefined; readonly hiddenBy: number | undefined };

function narrowed({ stack: { entries } }: OpenedImage, waste: Waste, { shippedBy, hiddenBy }: Narrowing) {
  if (shippedBy === undefined && hiddenBy === undefined) return waste.entries;
  return waste.entries.filter(
    (id) =>
      (shippedBy === undefined || entries.layerOf(id) === shippedBy) &&
      (hiddenBy === undefined || entries.hiddenLayerOf(waste.lastNameOf(id)) === hiddenBy),
  );
}
