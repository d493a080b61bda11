import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { listPages } from './list-pages.ts';
import { signalOf } from './signal-of.ts';
import { toPage } from './to-page.ts';

/** `repositories.*` */
export function repositoriesHandlers(os: Implementer, { book, changes, clients, ports, storage }: Services) {
  const pins = () => storage.pins.list().map(({ registryId, repository }) => ({ registryId, repository }));
  return {
    list: os.repositories.list.handler(async ({ input: { registryId, ...wanted }, signal }) => {
      const client = await clients.get(registryId, signal);
      const page = await listPages(wanted, ports.clock, (call) =>
        client.listRepositories({ ...signalOf(signal), ...call }),
      );
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
