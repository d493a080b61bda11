import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';

/** `packages.*` */
export function packagesHandlers(os: Implementer, { openImages }: Services) {
  return {
    list: os.packages.list.handler(async ({ input: { query, ecosystem, offset, limit, ...target }, signal }) => {
      const { packages, databases } = await openImages.get(target).packages(signal);
      const part = query.toLowerCase();
      const found = packages.filter(
        (one) =>
          (ecosystem === undefined || one.ecosystem === ecosystem) &&
          (part === '' || one.name.toLowerCase().includes(part) || one.version.toLowerCase().includes(part)),
      );
      return { rows: found.slice(offset, offset + limit), totalCount: found.length, databases: [...databases] };
    }),
  };
}
