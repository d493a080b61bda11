import type { NamePage } from '../core/registry/registry-client.ts';

/**
 * A page of the engine as the contract wants it: lists that are not readonly, no field that is undefined, and each name
 * once though pages overlapped.
 */
export function toPage({ names, nextCursor, droppedCount, warnings, offline }: NamePage) {
  return {
    names: [...new Set(names)],
    droppedCount,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(warnings === undefined ? {} : { warnings: [...warnings] }),
    ...(offline === undefined ? {} : { offline }),
  };
}
