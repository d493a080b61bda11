import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';

/** `documents.*` */
export function documentsHandlers(os: Implementer, { clients, documents }: Services) {
  return {
    read: os.documents.read.handler(async ({ input: { registryId, repository, digest, blob }, signal }) => {
      const client = await clients.get(registryId, signal);
      const call = { client, repository, digest, blob, ...signalOf(signal) };
      const { descriptor, warnings, view } = await documents.read(call);
      const { mediaType, sizeBytes, annotations } = descriptor;
      return { mediaType, sizeBytes, annotations, warnings: [...warnings], document: view };
    }),

    packages: os.documents.packages.handler(
      async ({ input: { registryId, repository, digest, blob, query, offset, limit }, signal }) => {
        const client = await clients.get(registryId, signal);
        const found = await documents.packages({ client, repository, digest, blob, query, ...signalOf(signal) });
        return { rows: found.slice(offset, offset + limit), totalCount: found.length };
      },
    ),
  };
}
