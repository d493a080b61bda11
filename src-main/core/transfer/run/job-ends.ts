import type { ContentDestination, ContentSource, EndOpener, EndRef } from '../ends.ts';
import { placeKey } from '../plan/plan-types.ts';

/** The ends of one job, each opened once, by the first row that needs it. */
export type JobEnds = {
  source(ref: EndRef): Promise<ContentSource>;
  destination(ref: EndRef): Promise<ContentDestination>;
  /** Makes the whole visible where that is not so by itself. */
  finish(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

/** Opened under `signal`, the job's own. */
export function createJobEnds(opener: EndOpener, signal: AbortSignal): JobEnds {
  const sources = new Map<string, Promise<ContentSource>>();
  const destinations = new Map<string, Promise<ContentDestination>>();
  return {
    source: (ref) => once(sources, ref, () => opener.openSource(ref, { signal })),
    destination: (ref) => once(destinations, ref, () => opener.openDestination(ref, { signal })),
    finish: async (signal) => {
      for (const destination of destinations.values()) await (await destination).finish({ signal });
    },
    close: async () => {
      await Promise.allSettled([...sources.values(), ...destinations.values()].map(async (end) => (await end).close()));
    },
  };
}

/** A failure is not kept: the next row tries again. */
function once<T>(map: Map<string, Promise<T>>, ref: EndRef, open: () => Promise<T>): Promise<T> {
  const key = placeKey(ref);
  const known = map.get(key);
  if (known !== undefined) return known;
  const opened = open();
  map.set(key, opened);
  opened.catch(() => map.delete(key));
  return opened;
}
