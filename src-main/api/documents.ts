import type { DocumentRef, ReadDocumentEvent } from '#shared/api/documents.ts';
import type { Implementer } from './error-boundary.ts';
import { progressed } from './progressed.ts';
import type { Services } from './services.ts';
import { signalOf } from './signal-of.ts';
import { stoppableStream } from './stoppable-stream.ts';

/** `documents.*` */
export function documentsHandlers(os: Implementer, services: Services) {
  const { clients, documents } = services;
  return {
    read: os.documents.read.handler(({ input, signal }) =>
      stoppableStream(signal, (signal) => read(services, input, signal)),
    ),

    packages: os.documents.packages.handler(
      async ({ input: { registryId, repository, digest, blob, query, offset, limit }, signal }) => {
        const client = await clients.get(registryId, signal);
        const found = await documents.packages({ client, repository, digest, blob, query, ...signalOf(signal) });
        return { rows: found.slice(offset, offset + limit), totalCount: found.length };
      },
    ),
  };
}

async function* read(
  { clients, documents, ports }: Services,
  { registryId, repository, digest, blob }: DocumentRef,
  signal: AbortSignal,
): AsyncGenerator<ReadDocumentEvent, void, void> {
  const client = await clients.get(registryId, signal);
  const { descriptor, warnings, view } = yield* progressed(ports.clock, signal, (onProgress, signal) =>
    documents.read({ client, repository, digest, blob, signal, onProgress }),
  );
  const { mediaType, sizeBytes, annotations } = descriptor;
  yield { kind: 'ready', mediaType, sizeBytes, annotations, warnings: [...warnings], document: view };
}
