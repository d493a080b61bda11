import { observeElementOffset, type Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useState } from 'react';

/** How a list is moving. Kept outside of React's state: a change of it is always told together with a new place. */
export type ListMotion = {
  /** For `observeElementOffset` of the virtualizer. */
  readonly observe: (
    virtualizer: Virtualizer<HTMLDivElement, Element>,
    report: (offset: number, isScrolling: boolean) => void,
  ) => void | (() => void);
  /** Each frame shows mostly other rows than the last: someone drags the scroll bar, or holds Page Down. */
  readonly isRacing: () => boolean;
  /**
   * Resolves when a row that has come into view may ask for its details: at once in a list that stands still; after a
   * moment in one that moves, since most rows are gone by then; when one that grows has come to its end, or has grown for
   * a while, since its names are waited for more than these. Rejects when `signal` aborts.
   */
  readonly rest: (signal: AbortSignal) => Promise<void>;
};

export type Motion = ListMotion & { readonly setGrowing: (isGrowing: boolean) => void };

/** Time enough to have seen a row. */
const REST_MS = 200;
/** A quick list has come to its end by then; beside a slow one there is time for rows. */
const GROWING_MS = 1000;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

function abortLater(controller: AbortController): void {
  controller.abort();
}

/** Resolves when `over` has aborted. Rejects when `signal` does. */
function untilAborted(over: AbortSignal, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (signal.aborted) reject(signal.reason);
      else if (over.aborted) resolve();
      else return;
      over.removeEventListener('abort', look);
      signal.removeEventListener('abort', look);
    };
    over.addEventListener('abort', look);
    signal.addEventListener('abort', look);
    look();
  });
}

/** Of one list. */
export function createListMotion(): Motion {
  let top = 0;
  let isMoving = false;
  let isRacing = false;
  let growth: AbortController | undefined;
  return {
    observe: (virtualizer, report) =>
      observeElementOffset(virtualizer, (offset, isScrolling) => {
        const { height = 0 } = virtualizer.scrollRect ?? {};
        isMoving = isScrolling;
        isRacing = isScrolling && Math.abs(offset - top) > height / 2;
        top = offset;
        report(offset, isScrolling);
      }),
    isRacing: () => isRacing,
    rest: async (signal) => {
      if (isMoving) await wait(REST_MS, signal);
      if (growth !== undefined) await untilAborted(growth.signal, signal);
    },
    setGrowing: (grows) => {
      if (grows === (growth !== undefined)) return;
      growth?.abort();
      growth = grows ? new AbortController() : undefined;
      if (growth !== undefined) setTimeout(abortLater, GROWING_MS, growth);
    },
  };
}

/** One for as long as the list is shown. `isGrowing`: names are being added, which push the rows in view on. */
export function useListMotion(isGrowing: boolean): ListMotion {
  const [motion] = useState(createListMotion);
  // Before the rows of this render ask for anything.
  useLayoutEffect(() => {
    motion.setGrowing(isGrowing);
  }, [motion, isGrowing]);
  return motion;
}
