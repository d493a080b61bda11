import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.ts';

/** As long as regclient believes it; a registry may be upgraded while we look. */
const VALID_MS = 5 * 60 * 1000;
const MAX_REPOSITORIES = 1000;
/** So many repositories without the API, and none with it, speak for the whole registry. */
const ENOUGH = 2;

/** Remembers where the referrers API is missing, so that it is not asked for in vain each time. */
export type ReferrerMemory = {
  /** True unless it is known to be missing, in this repository or in the whole registry. */
  mayHaveApi(repository: string): boolean;
  note(repository: string, hasApi: boolean): void;
};

/**
 * Kept per repository, since a proxy may put registries with and without the API under one host; the registry as a
 * whole counts as without it once two of its repositories are and none is known to have it. Both for five minutes.
 */
export function createReferrerMemory(clock: Pick<Clock, 'now'>): ReferrerMemory {
  const known = new LRUCache<string, { readonly hasApi: boolean; readonly at: number }>({ max: MAX_REPOSITORIES });
  const isValid = (entry: { readonly at: number } | undefined): boolean =>
    entry !== undefined && clock.now() - entry.at < VALID_MS;
  return {
    mayHaveApi: (repository) => {
      const own = known.peek(repository);
      if (own !== undefined && isValid(own)) return own.hasApi;
      const valid = [...known.values()].filter(isValid);
      return valid.length < ENOUGH || valid.some(({ hasApi }) => hasApi);
    },
    note: (repository, hasApi) => {
      known.set(repository, { hasApi, at: clock.now() });
    },
  };
}
