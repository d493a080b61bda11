import type { NamePage } from '../core/registry/registry-client.ts';

/**
 * A page of the engine as the contract wants it: lists that are not readonly, and no field that is undefined. Where
 * pages overlap a name comes again, in one answer as in two.
 */
export function toPage({ names, nextCursor, droppedCount, warnings, offline }: NamePage) {
  return {
    names: [...names],
    droppedCount,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(warnings === undefined ? {} : { warnings: [...warnings] }),
    ...(offline === undefined ? {} : { offline }),
  };
}
