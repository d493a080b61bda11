import type { FileRow, FilesTarget, FilesView } from '#shared/api/file-rows.ts';
import type { FileOrder, OpenedFiles, OpenEvent } from '#shared/api/files.ts';
import { keepPreviousData, useQueries, useQuery, type QueryClient } from '@tanstack/react-query';
import { api, toApiError } from '../host/index.ts';
import { FILE_PAGE, type FileListing } from '../lib/file-tree.ts';
import { appErrorOf } from './app-error.ts';
import { orpc, queryClient } from './client.ts';
import { stoppingOf } from './stopping.ts';

/** What lies under a digest never changes; it is let go when nobody has looked for a while. */
const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 5 * 60_000 };

export type OpenProgress = Exclude<OpenEvent, { readonly kind: 'ready' }>;

function openKey(target: FilesTarget) {
  return ['files', 'open', target] as const;
}

function progressKey(target: FilesTarget) {
  return ['files', 'progress', target] as const;
}

/** Reads the layers that the engine does not know yet. @throws {ApiError} */
async function openAll(target: FilesTarget, signal: AbortSignal, client: QueryClient): Promise<OpenedFiles> {
  const tell = (event: OpenProgress | null) => {
    client.setQueryData<OpenProgress | null>(progressKey(target), event);
  };
  try {
    for await (const event of await api.files.open(target, { signal })) {
      if (event.kind === 'ready') return event.opened;
      tell(event);
    }
  } finally {
    tell(null);
  }
  // The stream ends before its last message only when somebody stopped it.
  throw toApiError(signal.reason ?? new DOMException('stopped', 'AbortError'));
}

function openQuery(target: FilesTarget) {
  return {
    queryKey: openKey(target),
    queryFn: ({ signal, client }: { readonly signal: AbortSignal; readonly client: QueryClient }) =>
      openAll(target, signal, client),
    ...KEPT,
  };
}

/** How far the layers of an image are read at this moment; undefined while nobody reads them. */
export function useOpenProgress(target: FilesTarget): OpenProgress | undefined {
  const progress = useQuery<OpenProgress | null>({
    queryKey: progressKey(target),
    queryFn: () => Promise.reject(new Error('told by the stream')),
    enabled: false,
  });
  return progress.data ?? undefined;
}

/** An image's layers, opened: nothing happens until `wanted`. */
export function useOpenFiles(target: FilesTarget, wanted: boolean) {
  const query = useQuery({ ...openQuery(target), enabled: wanted });
  const progress = useOpenProgress(target);
  return {
    opened: query.data,
    error: query.error,
    isOpening: query.isFetching,
    progress: query.isFetching ? progress : undefined,
    retry: () => void query.refetch(),
    cancel: () => void queryClient.cancelQueries({ queryKey: openKey(target) }),
  };
}

/** Asks about an opened target; one that the engine has let go meanwhile is opened again first, once. */
export async function askOpened<T>(target: FilesTarget, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const failure = appErrorOf(error);
    if (failure.kind !== 'files' || failure.reason !== 'not-open') throw error;
    signal.throwIfAborted();
    await openAll(target, signal, queryClient);
    return await ask();
  }
}

export type InView = { readonly target: FilesTarget; readonly view: FilesView };

function listQuery({ target, view }: InView, path: string, order: FileOrder, page: number) {
  const input = { ...target, view, path, order, offset: page * FILE_PAGE, limit: FILE_PAGE };
  return {
    ...orpc.files.list.queryOptions({ input, ...KEPT }),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      askOpened(target, signal, () => api.files.list(input, { signal })),
  };
}

/** Asks again for a directory that could not be listed. */
export function askListingAgain(inView: InView, directory: string, order: FileOrder): void {
  const { queryKey } = listQuery(inView, directory, order, 0);
  void queryClient.refetchQueries({ queryKey, exact: true });
}

export type WantedPage = { readonly directory: string; readonly page: number };

/** The listings of several directories, as far as their pages are wanted. */
export function useFileListings(
  inView: InView,
  order: FileOrder,
  wanted: readonly WantedPage[],
): ReadonlyMap<string, FileListing> {
  return useQueries({
    queries: wanted.map(({ directory, page }) => listQuery(inView, directory, order, page)),
    combine: (results) => joinPages(wanted, results),
  });
}

/** Gives up asking for a directory that is not there yet. */
export function stopListing(inView: InView, directory: string, order: FileOrder): void {
  const { queryKey } = listQuery(inView, directory, order, 0);
  void queryClient.cancelQueries({ queryKey, exact: true });
}

type PageResult = {
  readonly data: { readonly rows: readonly FileRow[]; readonly totalCount: number } | undefined;
  readonly error: unknown;
  readonly fetchStatus: string;
};

const NOT_ASKED: PageResult = { data: undefined, error: null, fetchStatus: 'idle' };

function joinPages(wanted: readonly WantedPage[], results: readonly PageResult[]): ReadonlyMap<string, FileListing> {
  const listings = new Map<string, FileListing>();
  for (const [index, { directory, page }] of wanted.entries()) {
    const { data, error, fetchStatus } = results[index] ?? NOT_ASKED;
    const before = listings.get(directory) ?? { pages: new Map() };
    // Without its first page there is no listing; a later one that fails is asked for again when it comes into view.
    if (data !== undefined) {
      listings.set(directory, { totalCount: data.totalCount, pages: new Map([...before.pages, [page, data.rows]]) });
    } else if (error !== null && page === 0) listings.set(directory, { ...before, error: appErrorOf(error) });
    else if (page === 0) listings.set(directory, { ...before, isStopped: fetchStatus === 'idle' });
    else listings.set(directory, before);
  }
  return listings;
}

/** A flat list of results of an opened target: found by name, or the largest. */
export type FileQuery = { readonly kind: 'search'; readonly query: string } | { readonly kind: 'largest' };

function resultQuery({ target, view }: InView, what: FileQuery, page: number) {
  const common = { ...target, view, offset: page * FILE_PAGE, limit: FILE_PAGE };
  if (what.kind === 'search') {
    const input = { ...common, query: what.query };
    return {
      ...orpc.files.search.queryOptions({ input, ...KEPT }),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        askOpened(target, signal, () => api.files.search(input, { signal })),
    };
  }
  return {
    ...orpc.files.largest.queryOptions({ input: common, ...KEPT }),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      askOpened(target, signal, () => api.files.largest(common, { signal })),
  };
}

/** Asks again for results that could not be had. */
export function askResultsAgain(inView: InView, what: FileQuery): void {
  const { queryKey } = resultQuery(inView, what, 0);
  void queryClient.refetchQueries({ queryKey, exact: true });
}

/** Gives up a search that has found nothing yet. */
export function stopResults(inView: InView, what: FileQuery): void {
  const { queryKey } = resultQuery(inView, what, 0);
  void queryClient.cancelQueries({ queryKey, exact: true });
}

/** Pages of results as one listing; what was found before stays in sight while a new search runs. */
export function useFileResults(inView: InView, what: FileQuery, pages: readonly number[]): FileListing {
  const first = useQuery({ ...resultQuery(inView, what, 0), placeholderData: keepPreviousData });
  return useQueries({
    queries: pages.filter((page) => page > 0).map((page) => resultQuery(inView, what, page)),
    combine: (results) => {
      const later = pages.filter((page) => page > 0);
      const known = results.flatMap(({ data }, index) => {
        const page = later[index];
        return data === undefined || page === undefined ? [] : [[page, data.rows] as const];
      });
      const start = first.data === undefined ? [] : [[0, first.data.rows] as const];
      return {
        totalCount: first.data?.totalCount,
        pages: new Map([...start, ...known]),
        error: first.error === null || first.data !== undefined ? undefined : appErrorOf(first.error),
        isStopped: first.data === undefined && first.error === null && first.fetchStatus === 'idle',
      };
    },
  });
}

/** Everything about one path. */
export function useFileStat({ target, view }: InView, path: string | undefined) {
  const input = { ...target, view, path: path ?? '' };
  const options = orpc.files.stat.queryOptions({ input, ...KEPT });
  const query = useQuery({
    ...options,
    queryFn: ({ signal }) => askOpened(target, signal, () => api.files.stat(input, { signal })),
    enabled: path !== undefined,
  });
  const { data, error, refetch } = query;
  return { data, error, refetch, ...stoppingOf(query, options.queryKey) };
}

/** The start of a file; its bytes as they are with `raw`. */
export function useFilePreview({ target, view }: InView, path: string, raw: boolean) {
  const input = { ...target, view, path, raw };
  const options = orpc.files.preview.queryOptions({ input, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 });
  const query = useQuery({
    ...options,
    queryFn: ({ signal }) => askOpened(target, signal, () => api.files.preview(input, { signal })),
  });
  const { data, error, refetch } = query;
  return { data, error, refetch, ...stoppingOf(query, options.queryKey) };
}

/** Sizes below a directory. */
export function useTreemap({ target, view }: InView, path: string, maxNodes: number) {
  const input = { ...target, view, path, maxNodes };
  const options = orpc.files.treemap.queryOptions({ input, ...KEPT });
  const query = useQuery({
    ...options,
    queryFn: ({ signal }) => askOpened(target, signal, () => api.files.treemap(input, { signal })),
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch } = query;
  return { data, error, refetch, ...stoppingOf(query, options.queryKey) };
}
