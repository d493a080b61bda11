import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `health.*` */
export function healthHandlers(os: Implementer, { book, health }: Services) {
  return {
    get: os.health.get.handler(({ input: { id } }) => {
      book.get(id);
      return { registryId: id, ...health.get(id) };
    }),
  };
}
