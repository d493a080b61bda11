import { randomUUID } from 'node:crypto';
import { NotFoundError } from '../gantry-error.ts';

/** Paths that a person chose in a dialog of the system. A page knows them by an id, so that it can name no other. */
export type ChosenPaths = {
  add(path: string): string;
  /** @throws {NotFoundError} for an id of another run, or one that is none */
  get(pathId: string): string;
};

const MAX_PATHS = 1000;

export function createChosenPaths(): ChosenPaths {
  const paths = new Map<string, string>();
  return {
    add: (path) => {
      const pathId = randomUUID();
      paths.set(pathId, path);
      const [oldest] = paths.keys();
      if (paths.size > MAX_PATHS && oldest !== undefined) paths.delete(oldest);
      return pathId;
    },
    get: (pathId) => {
      const path = paths.get(pathId);
      if (path === undefined) throw new NotFoundError('archive');
      return path;
    },
  };
}
