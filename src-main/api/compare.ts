import type { CompareSide, Difference } from '#shared/api/compare.ts';
import type { Ecosystem } from '#shared/api/packages.ts';
import type { RegistryClient } from '../core/registry/registry-client.ts';
import type { ImageView, SingleImageView } from '../core/image/image-view.ts';
import { resolveImage } from '../core/image/resolve-image.ts';
import { InvalidInputError } from '../core/gantry-error.ts';
import { compareContents } from '../core/layers/compare/compare-contents.ts';
import { compareImages } from '../core/layers/compare/compare-images.ts';
import { comparePackages } from '../core/layers/compare/compare-packages.ts';
import type { CompareProgress } from '../core/layers/compare/compare-trees.ts';
import type { PackageList } from '../core/layers/packages/list-packages.ts';
import { FilesError } from '../core/layers/files-error.ts';
import { createMeter } from '../core/image/metered-client.ts';
import { createComparisons } from './comparisons.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import { progressed } from './progressed.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';

/** `compare.*` */
export function compareHandlers(os: Implementer, services: Services) {
  const { openImages, ports } = services;
  const compared = createComparisons(openImages);
  return {
    images: os.compare.images.handler(({ input: { left, right }, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const comparison = yield* progressed(ports.clock, signal, (tell, signal) => {
          const metered = createMeter(tell);
          return compareBoth(services, { left, right }, metered, signal);
        });
        yield { kind: 'ready', comparison };
      }),
    ),

    summary: os.compare.summary.handler(({ input, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const files = yield* progressed(ports.clock, signal, (tell: (progress: CompareProgress) => void, signal) =>
          compared(input, signal, tell),
        );
        yield { kind: 'ready', summary: files.summary() };
      }),
    ),

    list: os.compare.list.handler(async ({ input, signal }) => {
      const { path, differences, order, offset, limit } = input;
      return (await compared(input, signal)).list({ path, differences, order, window: { offset, limit }, signal });
    }),

    files: os.compare.files.handler(async ({ input, signal }) => {
      const { differences, query, by, offset, limit } = input;
      return (await compared(input, signal)).files({ differences, query, by, window: { offset, limit }, signal });
    }),

    contents: os.compare.contents.handler(({ input: { left, right, path }, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const sides = [openImages.get(left), openImages.get(right)] as const;
        const contents = yield* progressed(ports.clock, signal, (onProgress, signal) =>
          compareContents(...sides, path, { signal, onProgress }),
        );
        yield { kind: 'ready', ...contents };
      }),
    ),

    packages: os.compare.packages.handler(async ({ input, signal }) => {
      const left = await openImages.get(input.left).packages(signal);
      const right = await openImages.get(input.right).packages(signal);
      return comparedPackages(left, right, input);
    }),
  };
}

type Side = { readonly reference: string; readonly image: SingleImageView; readonly platforms: string[] };

type PackagesAsked = {
  readonly query: string;
  readonly ecosystem?: Ecosystem | undefined;
  readonly differences: readonly Difference[];
  readonly offset: number;
  readonly limit: number;
};

/** A window of the packages of both sides that are asked for. */
function comparedPackages(left: PackageList, right: PackageList, asked: PackagesAsked) {
  const { query, ecosystem, differences, offset, limit } = asked;
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
}

type Metered = (client: RegistryClient) => RegistryClient;
type BothSides = { readonly left: CompareSide; readonly right: CompareSide };

/** Finds both images and lays what they say beside each other. */
async function compareBoth(services: Services, sides: BothSides, metered: Metered, signal: AbortSignal) {
  const [left, right] = await Promise.all([
    resolveSide(services, ['left', sides.left], metered, signal),
    resolveSide(services, ['right', sides.right], metered, signal),
  ]);
  return { ...compareImages(left.image, right.image), left: toCompared(left), right: toCompared(right) };
}

/** The image of one side; of an index the child for the platform, or the default one. */
async function resolveSide(
  { clients }: Services,
  [name, { registryId, repository, reference, platform }]: readonly ['left' | 'right', CompareSide],
  metered: Metered,
  signal: AbortSignal,
): Promise<Side> {
  const client = metered(await clients.get(registryId, signal));
  const resolve = (reference: string): Promise<ImageView> =>
    resolveImage({ client, repository, reference, hostPlatform: defaultPlatform(), signal });
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
