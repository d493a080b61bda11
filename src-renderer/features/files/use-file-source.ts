import type { FileOrder } from '#shared/api/files.ts';
import { useState } from 'react';
import { ancestorsOf, layOutFiles, type FileTree } from '../../lib/file-tree.ts';
import {
  askListingAgain,
  askResultsAgain,
  stopListing,
  stopResults,
  useFileListings,
  useFileResults,
  type FileQuery,
  type InView,
  type WantedPage,
} from '../../queries/files.ts';

/** Rows for the grid, and what it may ask for. */
export type FileSource = {
  readonly tree: FileTree;
  /** A page that came into view and is not there. */
  readonly want: (page: WantedPage) => void;
  /** Asks again for a listing that failed. */
  readonly retry: (directory: string) => void;
  /** Gives up a listing that is not there yet. */
  readonly stop: (directory: string) => void;
  /** Absent for flat lists. */
  readonly toggle?: (path: string) => void;
};

const NONE: ReadonlySet<string> = new Set();

function pageKey({ directory, page }: WantedPage): string {
  return `${page} ${directory}`;
}

/** Only what is asked for; the same set when nothing is new, so that nothing is drawn again. */
function withPage(pages: ReadonlyMap<string, WantedPage>, page: WantedPage): ReadonlyMap<string, WantedPage> {
  const key = pageKey(page);
  return pages.has(key) ? pages : new Map([...pages, [key, page]]);
}

/** The tree of a view: the root, what was opened in it, and the way to `revealed` whenever that is another path. */
export function useFileTree(inView: InView, order: FileOrder, revealed: string | undefined): FileSource {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(ancestorsOf(revealed ?? '')));
  const [shown, setShown] = useState(revealed);
  if (shown !== revealed) {
    setShown(revealed);
    setExpanded((before) => new Set([...before, ...ancestorsOf(revealed ?? '')]));
  }
  const [later, setLater] = useState<ReadonlyMap<string, WantedPage>>(new Map());
  const starts = ['', ...expanded].map((directory) => ({ directory, page: 0 }));
  const wanted = [
    ...starts,
    ...[...later.values()].filter(({ directory }) => directory === '' || expanded.has(directory)),
  ];
  const listings = useFileListings(inView, order, wanted);
  return {
    tree: layOutFiles('', listings, expanded),
    want: (page) => {
      if (page.page > 0) setLater((pages) => withPage(pages, page));
    },
    retry: (directory) => {
      askListingAgain(inView, directory, order);
    },
    stop: (directory) => {
      stopListing(inView, directory, order);
    },
    toggle: (path) => {
      setExpanded((before) => {
        const after = new Set(before);
        if (!after.delete(path)) after.add(path);
        return after;
      });
    },
  };
}

/** A flat list of results. */
export function useResultList(inView: InView, what: FileQuery): FileSource {
  const [pages, setPages] = useState<readonly number[]>([0]);
  const listing = useFileResults(inView, what, pages);
  return {
    tree: layOutFiles('', new Map([['', listing]]), NONE),
    want: ({ page }) => {
      setPages((before) => (before.includes(page) ? before : [...before, page]));
    },
    retry: () => {
      askResultsAgain(inView, what);
    },
    stop: () => {
      stopResults(inView, what);
    },
  };
}
