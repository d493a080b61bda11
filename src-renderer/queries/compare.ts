import type { CompareSide, Difference, FileDifference, ImageComparison } from '#shared/api/compare.ts';
import type { FilesTarget } from '#shared/api/file-rows.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import type { ComparePoint } from '../lib/compare-place.ts';
import { orpc } from './client.ts';
import { askOpened } from './files.ts';
import { nextOffset } from './next-offset.ts';
import { stoppingOf } from './stopping.ts';
import { TAG_STALE_MS } from './tags.ts';

const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 5 * 60_000 };
const PAGE = 500;

function sideOf({ platform, ...point }: ComparePoint): CompareSide {
  return platform === undefined ? point : { ...point, platform };
}

/** Two images beside each other, without their files. Tags are looked up again after a while. */
export function useComparison(left: ComparePoint, right: ComparePoint) {
  const input = { left: sideOf(left), right: sideOf(right) };
  const isFixed = isDigest(left.reference) && isDigest(right.reference);
  const options = orpc.compare.images.queryOptions({
    input,
    staleTime: isFixed ? Number.POSITIVE_INFINITY : TAG_STALE_MS,
  });
  const query = useQuery(options);
  const { data, error, refetch } = query;
  return { data, error, refetch, ...stoppingOf(query, options.queryKey) };
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

/** How the file systems differ, in numbers. */
export function useFileSummary(targets: Targets, enabled: boolean) {
  return useQuery({
    ...orpc.compare.summary.queryOptions({ input: targets, ...KEPT }),
    queryFn: ({ signal }) => askBoth(targets, signal, () => api.compare.summary(targets, { signal })),
    enabled,
  });
}

export type FileListing = {
  readonly differences: FileDifference[];
  readonly query: string;
  readonly by: 'path' | 'size';
};

/** Files that differ, a few hundred at a time. */
export function useComparedFiles(targets: Targets, listing: FileListing) {
  const input = { ...targets, ...listing, limit: PAGE };
  const queryKey = orpc.compare.files.queryKey({ input });
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      askBoth(targets, signal, () => api.compare.files({ ...input, offset: pageParam }, { signal })),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
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
      askBoth(targets, signal, () => api.compare.packages({ ...input, offset: pageParam }, { signal })),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
    ...KEPT,
  });
  return { ...found, ...stoppingOf(found, queryKey) };
}

/** Reads one file of both sides and compares every byte. */
export function useCompareContents(targets: Targets) {
  return useMutation({
    mutationFn: (path: string) => api.compare.contents({ ...targets, path }),
  });
}
