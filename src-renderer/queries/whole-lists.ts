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

/** More than any list has; the engine hands over what it has several times a second. */
const ALL_PAGES = 1000;

/** Where a list goes on, and how many of the registry's pages come at once. */
export type PagePlace = { readonly cursor?: string; readonly pages?: number };

export const FIRST_PAGE: PagePlace = {};

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
  const set = useWholeLists((state) => state.set);
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
      set(key, true);
    },
    stop: () => {
      set(key, false);
    },
  };
}
