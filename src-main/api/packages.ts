import type { Implementer } from './error-boundary.ts';
import { progressed } from './progressed.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';

/** `packages.*` */
export function packagesHandlers(os: Implementer, { openImages, ports }: Services) {
  return {
    read: os.packages.read.handler(({ input, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const image = openImages.get(input);
        const packages = yield* progressed(ports.clock, signal, (tell, signal) => image.packages(signal, tell));
        yield { kind: 'ready', packageCount: packages.packages.length };
      }),
    ),

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
