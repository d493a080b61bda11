import type { Offline, Warning } from '#shared/api/common.ts';
import { useEffect } from 'react';
import { create } from 'zustand';
import type { ApiError } from '../host/index.ts';

type WholeLists = {
  /** Keys of the lists that are wanted to their last page. */
  readonly wanted: ReadonlySet<string>;
  readonly set: (key: string, isWanted: boolean) => void;
};

const useWholeLists = create<WholeLists>()((set) => ({
  wanted: new Set(),
  set: (key, isWanted) => {
    set(({ wanted }) => {
      const next = new Set(wanted);
      if (isWanted) next.add(key);
      else next.delete(key);
      return { wanted: next };
    });
  },
}));

/** From now on a list is read to its last page, or no longer. */
export function wantWhole(key: string, isWanted: boolean): void {
  useWholeLists.getState().set(key, isWanted);
}

/** More than any list has; the engine hands over what it has many times a second. */
const ALL_PAGES = 1000;

/** Where a list goes on, and how many of the registry's pages come at once. */
export type PagePlace = { readonly cursor?: string; readonly pages?: number };

export const FIRST_PAGE: PagePlace = {};

/** What a query of pages is run with. */
export type PageCall = { readonly pageParam: PagePlace; readonly signal: AbortSignal };

/**
 * How a list goes on after a page. Asked anew each time, so that a list read to its end is read again in as few steps,
 * whoever asks for it.
 */
export function nextPlace(key: string) {
  return ({ nextCursor }: { readonly nextCursor?: string | undefined }): PagePlace | undefined => {
    if (nextCursor === undefined) return undefined;
    return useWholeLists.getState().wanted.has(key) ? { cursor: nextCursor, pages: ALL_PAGES } : { cursor: nextCursor };
  };
}

/**
 * What comes within this time is drawn at once: drawing 100,000 names costs more than waiting for the rest of them, and
 * a list that grows twice a second is seen to grow.
 */
const DRAWN_TOGETHER_MS = 500;

type Page = {
  readonly nextCursor?: string | undefined;
  readonly droppedCount: number;
  readonly warnings?: readonly Warning[] | undefined;
  readonly offline?: Offline | undefined;
};

type PageReader<P extends Page> = {
  readonly ask: (place: PagePlace) => Promise<P>;
  /** `next` follows `page`; its names are to be made ready for drawing, since there is time until more of them come. */
  readonly join: (page: P, next: P) => P;
};

/**
 * One page, or what comes of a list that is wanted to its end before it is time to draw. What was read is never lost to
 * an answer that fails: that place is asked for again by the call that follows, and the error met there.
 */
export async function readPlace<P extends Page>(
  key: string,
  place: PagePlace,
  { ask, join }: PageReader<P>,
): Promise<P> {
  const begunMs = performance.now();
  let page = await ask(place);
  const isTime = () => performance.now() - begunMs >= DRAWN_TOGETHER_MS || !useWholeLists.getState().wanted.has(key);
  while (place.pages !== undefined && page.nextCursor !== undefined && !isTime()) {
    try {
      page = join(page, await ask({ ...place, cursor: page.nextCursor }));
    } catch {
      return page;
    }
  }
  return page;
}

/** All but the names of two pages that are now one: it goes on where the later one does. */
export function joinedPage<P extends Page>(page: P, next: P): P {
  const warnings = [...(page.warnings ?? []), ...(next.warnings ?? [])];
  const offline = page.offline ?? next.offline;
  return {
    ...next,
    droppedCount: page.droppedCount + next.droppedCount,
    ...(warnings.length > 0 && { warnings }),
    ...(offline !== undefined && { offline }),
  };
}

/** Of a list that cannot go on from where it is, whatever page is asked for. */
const BEGIN_ANEW: ReadonlySet<string> = new Set(['stale-list', 'link', 'page-loop']);

/** What trying again means for a list that failed: the page that did, or all of it where it cannot go on from there. */
export function askListAgain(list: {
  readonly error: ApiError | null;
  readonly hasNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}): void {
  const error = list.error?.appError;
  const isStuck = error?.kind === 'protocol' && BEGIN_ANEW.has(error.reason);
  if (list.hasNextPage && !isStuck) list.fetchNextPage();
  else list.refetch();
}

type PageState = { readonly hasNextPage: boolean; readonly isError: boolean };
type Pages = PageState & {
  readonly fetchNextPage: (options: { readonly cancelRefetch: boolean }) => Promise<PageState>;
};

export type WholeList = {
  readonly isLoadingAll: boolean;
  readonly loadAll: () => void;
  readonly stop: () => void;
};

/**
 * Page after page to the end, each asked for as soon as the one before has come, not when it has been drawn: while one
 * is drawn the next is on its way. A page that is being read already is waited for.
 */
async function readOn(fetchNextPage: Pages['fetchNextPage'], signal: AbortSignal): Promise<void> {
  for (let isOver = false; !isOver && !signal.aborted;) {
    const { hasNextPage, isError } = await fetchNextPage({ cancelRefetch: false });
    isOver = !hasNextPage || isError;
  }
}

/** Reads a list to its end once asked to; an error stops it, and what is tried again goes on. */
export function useWholeList(key: string, pages: Pages): WholeList {
  const isWanted = useWholeLists(({ wanted }) => wanted.has(key));
  const { hasNextPage, isError, fetchNextPage } = pages;
  const isOn = isWanted && hasNextPage && !isError;
  useEffect(() => {
    if (!isOn) return undefined;
    const controller = new AbortController();
    void readOn(fetchNextPage, controller.signal);
    return () => {
      controller.abort();
    };
  }, [isOn, fetchNextPage]);
  return {
    isLoadingAll: isOn,
    loadAll: () => {
      wantWhole(key, true);
    },
    stop: () => {
      wantWhole(key, false);
    },
  };
}
