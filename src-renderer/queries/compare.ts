import type {
  CompareContentsEvent,
  CompareImagesEvent,
  CompareSide,
  CompareTreesEvent,
  Difference,
  FileDifference,
  ImageComparison,
} from '#shared/api/compare.ts';
import type { FilesTarget } from '#shared/api/file-rows.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import type { ComparePoint } from '../lib/compare-place.ts';
import { bytesWait, stepsWait } from '../lib/pace.ts';
import { orpc } from './client.ts';
import { askOpened } from './files.ts';
import { nextOffset } from './next-offset.ts';
import { readPackages, usePackagesProgress } from './packages.ts';
import { stoppingOf } from './stopping.ts';
import { TAG_STALE_MS } from './tags.ts';
import { readTold, useTold } from './told.ts';

const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 5 * 60_000 };
const PAGE = 500;

function sideOf({ platform, ...point }: ComparePoint): CompareSide {
  return platform === undefined ? point : { ...point, platform };
}

/** Two images beside each other, without their files. Tags are looked up again after a while. */
export function useComparison(left: ComparePoint, right: ComparePoint) {
  const input = { left: sideOf(left), right: sideOf(right) };
  const isFixed = isDigest(left.reference) && isDigest(right.reference);
  const queryKey = ['compare', 'images', input] as const;
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      readTold<CompareImagesEvent>(queryKey, signal, () => api.compare.images(input, { signal })),
    staleTime: isFixed ? Number.POSITIVE_INFINITY : TAG_STALE_MS,
  });
  const progress = bytesWait(useTold<CompareImagesEvent>(queryKey));
  const { data, error, refetch } = query;
  return { data: data?.comparison, error, refetch, progress, ...stoppingOf(query, queryKey) };
}

export type Targets = { readonly left: FilesTarget; readonly right: FilesTarget };

/** The two images of a comparison as what their files are asked with. */
export function targetsOf(left: ComparePoint, right: ComparePoint, comparison: ImageComparison): Targets {
  const target = ({ registryId, repository }: ComparePoint, side: 'left' | 'right') => ({
    registryId,
    repository,
    digest: comparison[side].digest,
  });
  return { left: target(left, 'left'), right: target(right, 'right') };
}

/** Asks about two opened images; what the engine has let go is opened again. */
function askBoth<T>({ left, right }: Targets, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  return askOpened(left, signal, () => askOpened(right, signal, ask));
}

function treesKey(targets: Targets) {
  return ['compare', 'trees', targets] as const;
}

/** How the file systems differ, in numbers; whoever asks more of it waits for that. */
export function useFileSummary(targets: Targets) {
  const queryKey = treesKey(targets);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      askBoth(targets, signal, () =>
        readTold<CompareTreesEvent>(queryKey, signal, () => api.compare.summary(targets, { signal })),
      ),
    ...KEPT,
  });
  const progress = stepsWait(useTold<CompareTreesEvent>(queryKey));
  const { data, error, refetch } = query;
  return { data: data?.summary, error, refetch, progress, ...stoppingOf(query, queryKey) };
}

export type FileListing = {
  readonly differences: FileDifference[];
  readonly query: string;
  readonly by: 'path' | 'size';
};

/** Files that differ, a few hundred at a time. */
export function useComparedFiles(targets: Targets, listing: FileListing, enabled: boolean) {
  const input = { ...targets, ...listing, limit: PAGE };
  const queryKey = orpc.compare.files.queryKey({ input });
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      askBoth(targets, signal, () => api.compare.files({ ...input, offset: pageParam }, { signal })),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
    enabled,
    ...KEPT,
  });
  return { ...found, ...stoppingOf(found, queryKey) };
}

/** Installed packages that differ. */
export function useComparedPackages(targets: Targets, query: string, differences: Difference[]) {
  const input = { ...targets, query, differences, limit: PAGE };
  const queryKey = orpc.compare.packages.queryKey({ input });
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      askBoth(targets, signal, async () => {
        await readPackages(targets.left, signal);
        await readPackages(targets.right, signal);
        return await api.compare.packages({ ...input, offset: pageParam }, { signal });
      }),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
    ...KEPT,
  });
  const left = usePackagesProgress(targets.left);
  const right = usePackagesProgress(targets.right);
  return { ...found, progress: left ?? right, ...stoppingOf(found, queryKey) };
}

/** Reads one file of both sides and compares every byte, when `wanted`. */
export function useCompareContents(targets: Targets, path: string, wanted: boolean) {
  const input = { ...targets, path };
  const queryKey = ['compare', 'contents', input] as const;
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      askBoth(targets, signal, () =>
        readTold<CompareContentsEvent>(queryKey, signal, () => api.compare.contents(input, { signal })),
      ),
    enabled: wanted,
    ...KEPT,
  });
  const progress = bytesWait(useTold<CompareContentsEvent>(queryKey));
  const { data, error, refetch, isFetching } = query;
  return { data, error, refetch, isFetching, progress, ...stoppingOf(query, queryKey) };
}
