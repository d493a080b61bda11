import type { CompareSide } from '#shared/api/compare.ts';
import type { FilesTarget } from '#shared/api/file-rows.ts';
import { LRUCache } from 'lru-cache';
import type { ImageView, SingleImageView } from '../core/image/image-view.ts';
import { resolveImage } from '../core/image/resolve-image.ts';
import { InvalidInputError } from '../core/gantry-error.ts';
import { compareContents } from '../core/layers/compare/compare-contents.ts';
import { type ComparedFiles, createComparedFiles } from '../core/layers/compare/compared-files.ts';
import { compareImages } from '../core/layers/compare/compare-images.ts';
import { comparePackages } from '../core/layers/compare/compare-packages.ts';
import { compareTrees } from '../core/layers/compare/compare-trees.ts';
import { FilesError } from '../core/layers/files-error.ts';
import type { OpenedImage } from '../core/layers/opened/opened-image.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';

const MERGED = { kind: 'merged', deleted: false } as const;
const KEPT = 2;

/** `compare.*` */
export function compareHandlers(os: Implementer, services: Services) {
  const { openImages } = services;
  const compared = createComparisons(services);
  return {
    images: os.compare.images.handler(async ({ input, signal }) => {
      const [left, right] = await Promise.all([
        resolveSide(services, 'left', input.left, signal),
        resolveSide(services, 'right', input.right, signal),
      ]);
      return { ...compareImages(left.image, right.image), left: toCompared(left), right: toCompared(right) };
    }),

    summary: os.compare.summary.handler(async ({ input, signal }) => (await compared(input, signal)).summary()),

    list: os.compare.list.handler(async ({ input, signal }) => {
      const { path, differences, order, offset, limit } = input;
      return (await compared(input, signal)).list({ path, differences, order, window: { offset, limit }, signal });
    }),

    files: os.compare.files.handler(async ({ input, signal }) => {
      const { differences, query, by, offset, limit } = input;
      return (await compared(input, signal)).files({ differences, query, by, window: { offset, limit }, signal });
    }),

    contents: os.compare.contents.handler(({ input: { left, right, path }, signal }) =>
      compareContents(openImages.get(left), openImages.get(right), path, signal),
    ),

    packages: os.compare.packages.handler(async ({ input, signal }) => {
      const { query, ecosystem, differences, offset, limit } = input;
      const left = await openImages.get(input.left).packages(signal);
      const right = await openImages.get(input.right).packages(signal);
      const part = query.toLowerCase();
      const rows = comparePackages(left.packages, right.packages).filter(
        (row) =>
          differences.includes(row.difference) &&
          (ecosystem === undefined || row.ecosystem === ecosystem) &&
          row.name.toLowerCase().includes(part),
      );
      return {
        rows: rows.slice(offset, offset + limit),
        totalCount: rows.length,
        leftDatabases: [...left.databases],
        rightDatabases: [...right.databases],
      };
    }),
  };
}

type Both = { readonly left: FilesTarget; readonly right: FilesTarget; readonly modifiedTimes: boolean };

/** The last comparisons, each as long as the images it is of are the ones that are open. */
function createComparisons({ openImages }: Services) {
  const kept = new LRUCache<
    string,
    { readonly left: OpenedImage; readonly right: OpenedImage; readonly files: ComparedFiles }
  >({
    max: KEPT,
  });
  return async (input: Both, signal: AbortSignal | undefined): Promise<ComparedFiles> => {
    const left = openImages.get(input.left);
    const right = openImages.get(input.right);
    const key = JSON.stringify([input.left, input.right, input.modifiedTimes]);
    const known = kept.get(key);
    if (known?.left === left && known.right === right) return known.files;
    const views = [await left.files.viewOf(MERGED, signal), await right.files.viewOf(MERGED, signal)] as const;
    const comparison = await compareTrees(...views, { modifiedTimes: input.modifiedTimes }, signal);
    const files = createComparedFiles(comparison, { left: views[0].sizeBelow(0), right: views[1].sizeBelow(0) });
    kept.set(key, { left, right, files });
    return files;
  };
}

type Side = { readonly reference: string; readonly image: SingleImageView; readonly platforms: string[] };

/** The image of one side; of an index the child for the platform, or the default one. */
async function resolveSide(
  { clients }: Services,
  name: 'left' | 'right',
  { registryId, repository, reference, platform }: CompareSide,
  signal: AbortSignal | undefined,
): Promise<Side> {
  const client = await clients.get(registryId, signal);
  const resolve = (reference: string): Promise<ImageView> =>
    resolveImage({ client, repository, reference, hostPlatform: defaultPlatform(), ...signalOf(signal) });
  const view = await resolve(reference);
  if (view.kind === 'image') return { reference, image: view, platforms: [] };
  if (view.kind !== 'index') throw new FilesError('not-an-image', view.digest);
  const platforms = view.children.flatMap(({ platformText }) => platformText ?? []);
  const chosen = platform === undefined ? view.defaultChild : childFor(view.children, platform);
  if (chosen === undefined) throw new InvalidInputError(`${name}.platform`, 'the index has no such platform');
  const image = await resolve(chosen);
  if (image.kind !== 'image') throw new FilesError('not-an-image', image.digest);
  return { reference, image, platforms };
}

function childFor(children: Extract<ImageView, { kind: 'index' }>['children'], platform: string) {
  return children.find(({ platformText }) => platformText === platform)?.descriptor.digest;
}

function toCompared({ reference, image, platforms }: Side) {
  const { digest, platformText, config, totalBytes, layers } = image;
  return {
    reference,
    digest,
    platformText,
    ...(config.created === undefined ? {} : { created: config.created }),
    sizeBytes: totalBytes,
    layerCount: layers.length,
    platforms,
  };
}
