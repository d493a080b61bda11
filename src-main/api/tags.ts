import type { Digest } from '#shared/oci/digest.ts';
import { summariseTag } from '../core/image/summarise-tag.ts';
import { withPriority } from '../core/registry/with-priority.ts';
import type { RegistryClient } from '../core/registry/registry-client.ts';
import { inOrderOfArrival } from './in-order-of-arrival.ts';
import { defaultPlatform } from './default-platform.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { createListReader, type ListCall } from './list-reader.ts';
import { signalOf } from './signal-of.ts';
import { stoppableStream } from './stoppable-stream.ts';
import { toAppError } from './to-app-error.ts';
import { toPage } from './to-page.ts';

/** As many as one client has in flight anyway: more would only wait in its queue. */
const RESOLVE_CONCURRENCY = 6;

/** `tags.*` */
export function tagsHandlers(os: Implementer, { clients, ports }: Services) {
  const lists = createListReader(ports.clock);
  return {
    list: os.tags.list.handler(async ({ input: { registryId, repository, ...wanted }, signal }) => {
      const client = await clients.get(registryId, signal);
      const fetch = (call: ListCall) => client.listTags({ repository, ...call });
      const page = await lists.read({ client, name: repository, fetch }, wanted, signal);
      const { names, ...rest } = toPage(page);
      return { ...rest, tags: names };
    }),

    summary: os.tags.summary.handler(async ({ input: { registryId, repository, tag, again = false }, signal }) => {
      // A row in view must not stand in the way of what a person has just opened.
      const priority = again ? 'open' : 'visible';
      const client = withPriority(await clients.get(registryId, signal), priority);
      return summariseTag({ client, repository, tag, hostPlatform: defaultPlatform(), priority, ...signalOf(signal) });
    }),

    resolve: os.tags.resolve.handler(({ input: { registryId, repository, tags }, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const client = withPriority(await clients.get(registryId, signal), 'background');
        yield* inOrderOfArrival(tags, RESOLVE_CONCURRENCY, async (tag) => {
          try {
            return {
              tag,
              digest: await digestOf(client, { repository, reference: tag, signal, priority: 'background' }),
            };
          } catch (error) {
            signal.throwIfAborted();
            return { tag, error: toAppError(error, { logger: ports.logger, signal }) };
          }
        });
      }),
    ),
  };
}

/** A registry that sends no digest with HEAD makes us read the manifest. */
async function digestOf(client: RegistryClient, call: Parameters<RegistryClient['headManifest']>[0]): Promise<Digest> {
  const { digest } = await client.headManifest(call);
  return digest ?? (await client.getManifest(call)).digest;
}
