import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { createListReader, type ListCall } from './list-reader.ts';
import { toPage } from './to-page.ts';

/** `repositories.*` */
export function repositoriesHandlers(os: Implementer, { book, changes, clients, ports, storage }: Services) {
  const lists = createListReader(ports.clock);
  const pins = () => storage.pins.list().map(({ registryId, repository }) => ({ registryId, repository }));
  return {
    list: os.repositories.list.handler(async ({ input: { registryId, ...wanted }, signal }) => {
      const client = await clients.get(registryId, signal);
      const fetch = (call: ListCall) => client.listRepositories(call);
      const page = await lists.read({ client, name: 'catalog', fetch }, wanted, signal);
      const { names, ...rest } = toPage(page);
      return { ...rest, repositories: names };
    }),

    pins: os.repositories.pins.handler(() => pins()),

    pin: os.repositories.pin.handler(({ input }) => {
      book.get(input.registryId);
      if (storage.pins.add(input)) changes.publish({ area: 'pins' });
      return pins();
    }),

    unpin: os.repositories.unpin.handler(({ input }) => {
      if (storage.pins.remove(input)) changes.publish({ area: 'pins' });
      return pins();
    }),
  };
}
