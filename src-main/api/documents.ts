import type { DocumentRef, ReadDocumentEvent } from '#shared/api/documents.ts';
import type { DocumentProgress, ReadDocument } from '../core/documents/read-document.ts';
import { whileWorking } from '../core/while-working.ts';
import type { Implementer } from './error-boundary.ts';
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
  const reading = whileWorking<DocumentProgress, ReadDocument>({
    clock: ports.clock,
    signal,
    work: (onProgress, signal) => documents.read({ client, repository, digest, blob, signal, onProgress }),
  });
  let next = await reading.next();
  for (; next.done !== true; next = await reading.next()) yield { kind: 'progress', ...next.value };
  const { descriptor, warnings, view } = next.value;
  const { mediaType, sizeBytes, annotations } = descriptor;
  yield { kind: 'ready', mediaType, sizeBytes, annotations, warnings: [...warnings], document: view };
}
